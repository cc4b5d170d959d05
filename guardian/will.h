/* SPDX-License-Identifier: Apache-2.0 */
/* A will: what has to be done at an instant, whether or not the agent that left it still lives. */
#ifndef GUARDIAN_WILL_H
#define GUARDIAN_WILL_H

#include <stddef.h>
#include <stdint.h>

/* Names as events/name.ts allows them. */
#define NAME_MOST 63
#define VALUE_MOST 63
#define FILE_NAME_MOST 31
#define PATH_MOST 1023
#define RESTORES_MOST 4
/* A will is refused above this size. */
#define WILL_BYTES_MOST 4096

/* In one file of the cgroup: only if it says what the fault has written there, it is to say again what it said before. */
struct restore {
	char file[FILE_NAME_MOST + 1];
	char applied[VALUE_MOST + 1];
	char before[VALUE_MOST + 1];
};

struct will {
	char id[NAME_MOST + 1];
	/* Of CLOCK_MONOTONIC, by which the agent itself would end the fault. */
	uint64_t deadline_us;
	uint64_t inode;
	char cgroup[PATH_MOST + 1];
	size_t restore_count;
	struct restore restores[RESTORES_MOST];
};

/* Whether a text can be the id of an injection: it becomes part of the name of a file. */
int is_name(const char *text);

/*
 * Reads a will; `length` bytes, which are changed by it, with room for one more. Answers NULL, or what is wrong with it. It touches nothing
 * but its arguments.
 */
const char *parse_will(char *text, size_t length, const char *boot_id, struct will *will);

#endif
