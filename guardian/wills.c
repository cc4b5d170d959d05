// SPDX-License-Identifier: Apache-2.0
#include "wills.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "say.h"
#include "will.h"
#include "will-file.h"

/* How late an agent that lives may be before its faults are ended for it: one on a busy host is late by tenths of this. */
#define GRACE_US 500000
/* A cgroup that is busy takes a write a moment later. */
#define AGAIN_US 100000

struct held {
	enum left state;
	struct will will;
	uint64_t again_us;
	uint64_t ended_us;
	int files[RESTORES_MOST];
};

static struct held table[WILLS_MOST];

static struct held *find(const char *id)
{
	for (int i = 0; i < WILLS_MOST; i++)
		if (table[i].state != UNKNOWN && strcmp(table[i].will.id, id) == 0)
			return &table[i];
	return NULL;
}

static void release(struct held *held)
{
	for (size_t i = 0; i < held->will.restore_count; i++)
		if (held->files[i] >= 0)
			close(held->files[i]);
	held->state = UNKNOWN;
}

static int is_of_cgroups(int file)
{
	struct statfs found;

	return fstatfs(file, &found) == 0 && (found.f_type == CGROUP_SUPER_MAGIC || found.f_type == CGROUP2_SUPER_MAGIC);
}

/* Opens the files of exactly the cgroup that is meant, and of nothing that is not the kernel's. */
static const char *open_cgroup(struct held *held)
{
	const struct will *will = &held->will;
	char text[VALUE_MOST + 2];
	struct stat found;
	int cgroup = open(will->cgroup, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	const char *wrong = NULL;

	if (cgroup < 0)
		return "its cgroup is not there";
	if (!is_of_cgroups(cgroup))
		wrong = "its path is of no cgroup";
	else if (fstat(cgroup, &found) < 0 || found.st_ino != will->inode)
		wrong = "its cgroup was made anew";
	for (size_t i = 0; !wrong && i < will->restore_count; i++) {
		held->files[i] = openat(cgroup, will->restores[i].file, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
		/* To read it has the kernel make now what it needs to read it then. */
		if (held->files[i] < 0 || !is_of_cgroups(held->files[i]) || read_text(held->files[i], text, sizeof(text)) < 0)
			wrong = "its cgroup does not have a file that it names";
	}
	close(cgroup);
	return wrong;
}

const char *take_will(const char *id)
{
	static struct will will;
	struct held *held = NULL;
	const char *wrong;

	if (!is_name(id))
		return "its id is no name";
	wrong = read_will(id, &will);
	if (wrong)
		return wrong;
	held = find(id);
	if (held)
		release(held);
	for (int i = 0; !held && i < WILLS_MOST; i++)
		if (table[i].state == UNKNOWN)
			held = &table[i];
	if (!held)
		return "too many are held already";
	*held = (struct held){ .will = will };
	for (int i = 0; i < RESTORES_MOST; i++)
		held->files[i] = -1;
	wrong = open_cgroup(held);
	if (wrong)
		release(held);
	else
		held->state = HELD;
	return wrong;
}

enum left withdraw_will(const char *id, uint64_t *ended_us)
{
	struct held *held = find(id);
	enum left state = held ? held->state : UNKNOWN;

	if (!held)
		return UNKNOWN;
	*ended_us = held->ended_us;
	release(held);
	return state;
}

int wills_held(void)
{
	int count = 0;

	for (int i = 0; i < WILLS_MOST; i++)
		count += table[i].state == HELD;
	return count;
}

static uint64_t due_us(const struct held *held, int agent_lives)
{
	uint64_t due = held->will.deadline_us + (agent_lives ? GRACE_US : 0);

	return due > held->again_us ? due : held->again_us;
}

uint64_t next_will_us(int agent_lives)
{
	uint64_t next = UINT64_MAX;

	for (int i = 0; i < WILLS_MOST; i++)
		if (table[i].state == HELD && due_us(&table[i], agent_lives) < next)
			next = due_us(&table[i], agent_lives);
	return next;
}

/* Answers 1 where the file said what the fault had written and says now what it said before, 0 where there was nothing to do, -1 where that failed. */
static int restore(int file, const struct restore *restore)
{
	char found[VALUE_MOST + 2];
	ssize_t length = strlen(restore->before);

	if (read_text(file, found, sizeof(found)) < 0)
		/* Of a cgroup that is gone, with all that was done to it. */
		return errno == ENODEV ? 0 : -1;
	if (strcmp(found, restore->applied) != 0)
		return 0;
	return pwrite(file, restore->before, length, 0) == length ? 1 : -1;
}

static void fulfil(struct held *held)
{
	int restored = 0, failed = 0;
	uint64_t then_us;

	for (size_t i = 0; i < held->will.restore_count; i++) {
		int done = restore(held->files[i], &held->will.restores[i]);

		restored += done > 0;
		failed += done < 0;
	}
	then_us = now_us();
	if (restored > 0)
		held->ended_us = then_us;
	if (failed > 0) {
		if (held->again_us == 0)
			say_errno(ERROR, "the fault %s does not end yet: it is tried again and again", held->will.id);
		held->again_us = then_us + AGAIN_US;
		return;
	}
	held->state = held->ended_us > 0 ? ENDED : IDLE;
	if (held->state == IDLE)
		say(INFO, "the fault %s needed no end: nothing of it was found in %s", held->will.id, held->will.cgroup);
	else
		say(WARN, "the fault %s is ended in place of its agent, %lld us after its deadline", held->will.id,
		    (long long)(held->ended_us - held->will.deadline_us));
}

void fulfil_wills(int agent_lives)
{
	for (int i = 0; i < WILLS_MOST; i++)
		if (table[i].state == HELD && due_us(&table[i], agent_lives) <= now_us())
			fulfil(&table[i]);
}

void fulfil_all_wills(void)
{
	for (int i = 0; i < WILLS_MOST; i++)
		if (table[i].state == HELD)
			fulfil(&table[i]);
}
