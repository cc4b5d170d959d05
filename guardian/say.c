// SPDX-License-Identifier: Apache-2.0
#include "say.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_MOST 1500

uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* A socket (as the journal's) is asked not to wait; a pipe with room for a byte has room for a line. */
static void write_line(const char *line, size_t length)
{
	struct pollfd out = { .fd = STDERR_FILENO, .events = POLLOUT };

	if (send(STDERR_FILENO, line, length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0 || errno != ENOTSOCK)
		return;
	if (poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) && write(STDERR_FILENO, line, length) < 0)
		return;
}

static void write_message(enum level level, const char *message)
{
	static char line[2 * MESSAGE_MOST + 200];
	struct timespec now;
	size_t length;

	clock_gettime(CLOCK_REALTIME, &now);
	length = sprintf(line, "{\"level\":%d,\"time\":%lld,\"pid\":%d,\"name\":\"guardian\",\"msg\":\"", level,
			 (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000, getpid());
	for (const char *c = message; *c; c++) {
		if (*c == '"' || *c == '\\')
			line[length++] = '\\';
		line[length++] = (unsigned char)*c < ' ' ? ' ' : *c;
	}
	memcpy(line + length, "\"}\n", 3);
	write_line(line, length + 3);
}

void say(enum level level, const char *format, ...)
{
	static char message[MESSAGE_MOST];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	write_message(level, message);
}

void say_errno(enum level level, const char *format, ...)
{
	static char message[MESSAGE_MOST];
	const char *why = strerrordesc_np(errno);
	va_list arguments;
	size_t length;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	length = strlen(message);
	snprintf(message + length, sizeof(message) - length, " (%s)", why ? why : "an error without a name");
	write_message(level, message);
}
