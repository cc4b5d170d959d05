// SPDX-License-Identifier: Apache-2.0
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "protection.h"
#include "say.h"
#include "will.h"
#include "wills.h"

/* Where the agent finds its end of the line. */
#define LINE_OF_AGENT 3
#define SHORTEST_PAUSE_US 500000
#define LONGEST_PAUSE_US 30000000
#define CANNOT_START 127

static pid_t agent;
static int line = -1;
static uint64_t started_us;
static uint64_t pause_us;
/* What was said since the last end of a line. */
static char heard[128];
static size_t heard_length;
static int too_long;

static void hang_up(void)
{
	if (line >= 0)
		close(line);
	line = -1;
	heard_length = 0;
	too_long = 0;
}

/* Between fork and exec. A guardian that is killed takes its agent with it, which ends its faults first: nobody else would end them in time. */
static void become_agent(char *const argv[], int end, pid_t guardian)
{
	static char number[4];
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* What is typed at a terminal comes to the guardian, which passes it on. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != guardian)
		_exit(CANNOT_START);
	protect_agent();
	if (end != LINE_OF_AGENT)
		dup2(end, LINE_OF_AGENT);
	else
		fcntl(end, F_SETFD, 0);
	snprintf(number, sizeof(number), "%d", LINE_OF_AGENT);
	setenv("ORDEAL_GUARDIAN", number, 1);
	execvp(argv[0], argv);
	say_errno(ERROR, "%s cannot be started", argv[0]);
	_exit(CANNOT_START);
}

void start_agent(char *const argv[])
{
	const pid_t guardian = getpid();
	int ends[2];

	started_us = now_us();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		say_errno(ERROR, "there is no line for the agent");
		return;
	}
	agent = fork();
	if (agent == 0)
		become_agent(argv, ends[1], guardian);
	close(ends[1]);
	hang_up();
	if (agent < 0) {
		close(ends[0]);
		agent = 0;
		say_errno(ERROR, "the agent cannot be started");
		return;
	}
	line = ends[0];
	fcntl(line, F_SETFL, O_NONBLOCK);
}

int agent_lives(void)
{
	return agent > 0;
}

int agent_line(void)
{
	return line;
}

static void answer(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void answer(const char *format, ...)
{
	char text[256];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	/* Who asks and does not listen is not waited for. */
	if (send(line, text, length, MSG_DONTWAIT | MSG_NOSIGNAL) != length) {
		say_errno(ERROR, "the agent does not listen");
		hang_up();
	}
}

static void answer_withdrawal(const char *id)
{
	uint64_t ended_us = 0;

	switch (withdraw_will(id, &ended_us)) {
	case ENDED:
		answer("ended %s %" PRIu64 "\n", id, ended_us);
		break;
	case HELD:
	case IDLE:
		answer("withdrawn %s\n", id);
		break;
	case UNKNOWN:
		answer("unknown %s\n", id);
		break;
	}
}

static void obey(char *order)
{
	char *id = strchr(order, ' ');
	const char *wrong;

	if (id)
		*id++ = '\0';
	if (!id || !is_name(id)) {
		say(WARN, "what the agent says is not known");
		answer("refused - it has to be `take <id>` or `withdraw <id>`\n");
	} else if (strcmp(order, "take") == 0) {
		wrong = take_will(id);
		if (wrong)
			answer("refused %s %s\n", id, wrong);
		else
			answer("taken %s\n", id);
	} else if (strcmp(order, "withdraw") == 0) {
		answer_withdrawal(id);
	} else {
		answer("refused %s it has to be `take <id>` or `withdraw <id>`\n", id);
	}
}

static void hear(char c)
{
	if (c != '\n') {
		if (heard_length < sizeof(heard) - 1)
			heard[heard_length++] = c;
		else
			too_long = 1;
		return;
	}
	heard[too_long ? 0 : heard_length] = '\0';
	heard_length = 0;
	too_long = 0;
	obey(heard);
}

void listen_to_agent(void)
{
	char bytes[512];
	ssize_t length = recv(line, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR)) {
		hang_up();
		return;
	}
	for (ssize_t i = 0; i < length && line >= 0; i++)
		hear(bytes[i]);
}

void signal_agent(int signal)
{
	if (agent > 0)
		kill(agent, signal);
}

int bury_agent(int *status)
{
	int found;
	pid_t pid;

	for (pid = waitpid(-1, &found, WNOHANG); pid > 0; pid = waitpid(-1, &found, WNOHANG)) {
		if (pid != agent)
			continue;
		agent = 0;
		hang_up();
		*status = found;
		return 1;
	}
	return 0;
}

uint64_t pause_before_start_us(void)
{
	if (now_us() - started_us > LONGEST_PAUSE_US || pause_us == 0)
		pause_us = SHORTEST_PAUSE_US;
	else
		pause_us = pause_us * 2 > LONGEST_PAUSE_US ? LONGEST_PAUSE_US : pause_us * 2;
	return pause_us;
}
