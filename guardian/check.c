// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "will.h"

static char boot_id[64];

static ssize_t read_file(const char *path, char *text, size_t size)
{
	int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t length = file < 0 ? -1 : read(file, text, size);

	if (file >= 0)
		close(file);
	return length;
}

/* As it was understood, so that whoever wrote it can compare. */
static void print_will(const char *name, const struct will *will)
{
	printf("%s: %s at %" PRIu64 " in %" PRIu64 " %s", name, will->id, will->deadline_us, will->inode, will->cgroup);
	for (size_t i = 0; i < will->restore_count; i++)
		printf("; %s: %s -> %s", will->restores[i].file, will->restores[i].applied, will->restores[i].before);
	putchar('\n');
}

static int check_will(const char *folder, const char *name)
{
	static char text[WILL_BYTES_MOST + 2];
	static struct will will;
	char path[PATH_MOST + 300];
	ssize_t length;
	const char *wrong;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	length = read_file(path, text, WILL_BYTES_MOST + 1);
	wrong = length < 0 ? "it cannot be read" : parse_will(text, length, boot_id, &will);
	if (wrong)
		printf("%s: refused: %s\n", name, wrong);
	else
		print_will(name, &will);
	return wrong ? 1 : 0;
}

int check_wills(const char *folder)
{
	struct dirent **entries;
	const int count = scandir(folder, &entries, NULL, alphasort);
	int wrong = 0;

	if (count < 0 || read_file("/proc/sys/kernel/random/boot_id", boot_id, sizeof(boot_id) - 1) < 0) {
		perror(folder);
		return 1;
	}
	boot_id[strcspn(boot_id, "\n")] = '\0';
	for (int i = 0; i < count; i++)
		if (entries[i]->d_name[0] != '.')
			wrong |= check_will(folder, entries[i]->d_name);
	return wrong;
}
