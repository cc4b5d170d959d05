// SPDX-License-Identifier: Apache-2.0
/*
 * A program that knows what is in its memory: "mappings <file>". It fills a piece of each kind of mapping, says its pid and where they are
 * into <file>.ready, a line each, and goes round with the address of the first in bx until it gets SIGTERM;
 * then it says which bytes are other than they were: kind, offset, old, new. <file>.data has to be there; two of the pieces map it.
 * "mappings meet <file>" does one instruction with that address in bx instead, and "mappings spot" says where in its own file that is.
 * "mappings alone <file>" asks the kernel again and again instead, whether there is <file>.stop.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PIECE 4096
/* So large that what is drawn at random is here, and not in what the program lives by. */
#define LARGE (16 << 20)
/* Above where a heap may begin, which is anywhere in the first gigabyte. */
#define ANON 0x60000000
#define STOP 0x50000000

struct piece {
	const char *kind;
	uint8_t *at;
	uint32_t size;
};

static struct piece pieces[5];

static uint8_t wanted(uint32_t offset)
{
	return offset * 7 + (offset >> 8);
}

static uint8_t *map(uintptr_t at, size_t size, int flags, int file)
{
	void *found = mmap((void *)at, size, PROT_READ | PROT_WRITE, flags, file, 0);

	if (found == MAP_FAILED)
		exit(2);
	return found;
}

static void fill(void)
{
	int number;
	uint32_t at;

	for (number = 0; number < 5; number++)
		for (at = 0; at < pieces[number].size; at++)
			pieces[number].at[at] = wanted(at);
}

static void say_ready(const char *file)
{
	char name[256], ready[256];
	int number;
	FILE *to;

	snprintf(name, sizeof(name), "%s.new", file);
	snprintf(ready, sizeof(ready), "%s.ready", file);
	to = fopen(name, "w");
	if (!to)
		exit(2);
	fprintf(to, "pid %d\n", getpid());
	for (number = 0; number < 5; number++)
		fprintf(to, "%s %lu\n", pieces[number].kind, (unsigned long)pieces[number].at);
	fclose(to);
	rename(name, ready);
}

static void wait_for_stop(const char *file)
{
	char name[256];

	snprintf(name, sizeof(name), "%s.stop", file);
	while (access(name, F_OK) != 0)
		usleep(10000);
}

/* Not by another process, which would be in the same scope, and changed as well. */
static void stop(int signal)
{
	(void)signal;
	*(volatile uint64_t *)STOP = 1;
}

static void go_round(void)
{
	asm volatile("1: cmpq $0, %c0\n"
		     "je 1b\n"
		     :: "i"(STOP), "b"(ANON) : "cc", "memory");
}

void meet(void);
extern const char spot[], __executable_start[];

asm(".globl meet, spot\n"
    "meet: push %rbx\nmov $0x60000000, %ebx\nspot: nop\npop %rbx\nret\n");

static void report(void)
{
	int number;
	uint32_t at;

	for (number = 0; number < 5; number++)
		for (at = 0; at < pieces[number].size; at++)
			if (pieces[number].at[at] != wanted(at))
				printf("%s %u %u %u\n", pieces[number].kind, at, wanted(at), pieces[number].at[at]);
}

int main(int count, char **arguments)
{
	/* Far from what the calls below keep there. */
	uint8_t stack[3 * PIECE];
	const char *file = count > 1 ? arguments[count - 1] : "";
	int meets = count > 2 && strcmp(arguments[1], "meet") == 0;
	int alone = count > 2 && strcmp(arguments[1], "alone") == 0, opened;
	char data[256];

	if (strcmp(file, "spot") == 0)
		return printf("%ld\n", (long)(spot - __executable_start)) < 0;

	snprintf(data, sizeof(data), "%s.data", file);
	opened = open(data, O_RDWR);
	if (opened < 0)
		return 2;
	map(STOP, PIECE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1);
	pieces[0] = (struct piece){ "anon", map(ANON, LARGE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1), LARGE };
	pieces[1] = (struct piece){ "heap", sbrk(PIECE), PIECE };
	pieces[2] = (struct piece){ "stack", stack + PIECE, PIECE };
	pieces[3] = (struct piece){ "file", map(0, PIECE, MAP_PRIVATE, opened), PIECE };
	pieces[4] = (struct piece){ "shared", map(0, PIECE, MAP_SHARED, opened), PIECE };
	fill();
	if (meets) {
		meet();
		report();
		return 0;
	}
	signal(SIGTERM, stop);
	say_ready(file);
	if (alone)
		wait_for_stop(file);
	else
		go_round();
	report();
	return 0;
}
