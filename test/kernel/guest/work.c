// SPDX-License-Identifier: Apache-2.0
/* Work that is counted: how much of it a program gets done in so many seconds. "work loops|syscalls <seconds>" prints that of one second. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Between two looks at the clock, which is work itself. */
#define AT_A_TIME 1000

static double now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec + at.tv_nsec / 1e9;
}

static void loop(void)
{
	volatile unsigned int turns = 100;

	while (turns)
		turns--;
}

static void call(void)
{
	syscall(SYS_getppid);
}

int main(int count, char **given)
{
	void (*work)(void) = count == 3 && strcmp(given[1], "syscalls") == 0 ? call : loop;
	double seconds = count == 3 ? atof(given[2]) : 0;
	double began = now();
	double took = 0;
	unsigned long done = 0;
	int each;

	if (seconds <= 0 || (work == loop && strcmp(given[1], "loops") != 0)) {
		fprintf(stderr, "usage: work loops|syscalls <seconds>\n");
		return 2;
	}
	while (took < seconds) {
		for (each = 0; each < AT_A_TIME; each++)
			work();
		done += AT_A_TIME;
		took = now() - began;
	}
	printf("%.1f\n", done / took);
	return 0;
}
