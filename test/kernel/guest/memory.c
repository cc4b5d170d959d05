// SPDX-License-Identifier: Apache-2.0
/*
 * A program that says what becomes of its memory. It gets ready first, says its pid into <file>.pid, waits until there is <file>.go, and says
 * what it found. "memory wants <file> <times>" asks the kernel for memory so many times, by mmap, and says + or - for each;
 * "memory forks <file>" and "memory grows <file>" ask by fork and by brk, once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WANTED (1 << 20)

static char answer[65536];

static char outcome(int had)
{
	if (had)
		return '+';
	return errno == ENOMEM ? '-' : '?';
}

static void wants(int times)
{
	int at;

	for (at = 0; at < times; at++) {
		void *had = mmap(NULL, WANTED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		answer[at] = outcome(had != MAP_FAILED);
		if (had != MAP_FAILED)
			munmap(had, WANTED);
	}
}

static void forks(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	answer[0] = outcome(child > 0);
	if (child > 0)
		waitpid(child, NULL, 0);
}

static void grows(void)
{
	answer[0] = outcome(sbrk(WANTED) != (void *)-1);
}

static void wait_for_go(const char *file)
{
	char name[256], ready[256], pid[16];
	int to;

	snprintf(name, sizeof(name), "%s.new", file);
	to = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0600);
	snprintf(pid, sizeof(pid), "%d", getpid());
	if (to < 0 || write(to, pid, strlen(pid)) < 0)
		exit(2);
	close(to);
	snprintf(ready, sizeof(ready), "%s.pid", file);
	rename(name, ready);
	snprintf(name, sizeof(name), "%s.go", file);
	while (access(name, F_OK) != 0)
		usleep(100000);
}

int main(int count, char **arguments)
{
	const char *what = count > 2 ? arguments[1] : "";

	if (count < 3)
		return 2;
	wait_for_go(arguments[2]);
	if (strcmp(what, "wants") == 0)
		wants(count > 3 ? atoi(arguments[3]) : 1);
	else if (strcmp(what, "forks") == 0)
		forks();
	else if (strcmp(what, "grows") == 0)
		grows();
	else
		return 2;
	/* Without stdio, which would ask for memory itself. */
	return write(1, answer, strlen(answer)) < 0;
}
