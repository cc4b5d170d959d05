// SPDX-License-Identifier: Apache-2.0
#include "will-file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "say.h"

#define SUFFIX ".will"

static int directory = -1;
static char boot_id[64];

ssize_t read_text(int file, char *text, size_t size)
{
	ssize_t length = pread(file, text, size - 1, 0);

	if (length < 0)
		return -1;
	while (length > 0 && text[length - 1] == '\n')
		length--;
	text[length] = '\0';
	return length;
}

static int read_boot_id(void)
{
	int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t length = file < 0 ? -1 : read_text(file, boot_id, sizeof(boot_id));

	if (file >= 0)
		close(file);
	return length > 0 ? 0 : -1;
}

static void make_directories(const char *path)
{
	char part[PATH_MOST + 1];

	if (strlen(path) > PATH_MOST)
		return;
	strcpy(part, path);
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(part, 0700);
		*slash = '/';
	}
	mkdir(part, 0700);
}

/* Nobody but its owner can change it. */
static int is_private(const struct stat *found)
{
	return found->st_uid == geteuid() && (found->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

int open_wills(const char *path)
{
	struct stat found;

	if (read_boot_id() < 0) {
		say_errno(ERROR, "the boot id of this host cannot be read");
		return -1;
	}
	make_directories(path);
	directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0 || fstat(directory, &found) < 0) {
		say_errno(ERROR, "the directory of the wills, %s, cannot be opened", path);
		return -1;
	}
	if (is_private(&found))
		return 0;
	say(ERROR, "the directory of the wills, %s, can be changed by others than its owner: what is written there would be obeyed", path);
	return -1;
}

void for_each_will(void (*found)(const char *id))
{
	DIR *entries = fdopendir(dup(directory));
	const size_t suffix = strlen(SUFFIX);

	if (!entries)
		return;
	for (struct dirent *entry = readdir(entries); entry; entry = readdir(entries)) {
		const size_t length = strlen(entry->d_name);
		char id[NAME_MOST + 1];

		if (length <= suffix || length - suffix > NAME_MOST || strcmp(entry->d_name + length - suffix, SUFFIX) != 0)
			continue;
		memcpy(id, entry->d_name, length - suffix);
		id[length - suffix] = '\0';
		found(id);
	}
	closedir(entries);
}

/* Reads the file of a will; NULL, or what is wrong with it. */
const char *read_will(const char *id, struct will *will)
{
	static char text[WILL_BYTES_MOST + 2];
	char name[NAME_MOST + sizeof(SUFFIX)];
	struct stat found;
	const char *wrong;
	ssize_t length;
	int file;

	snprintf(name, sizeof(name), "%s%s", id, SUFFIX);
	file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0)
		return "there is no such file";
	length = fstat(file, &found) < 0 || !S_ISREG(found.st_mode) ? -1 : read(file, text, WILL_BYTES_MOST + 1);
	close(file);
	if (length < 0)
		return "its file cannot be read";
	if (!is_private(&found))
		return "its file can be changed by others than its owner";
	wrong = parse_will(text, length, boot_id, will);
	if (wrong)
		return wrong;
	return strcmp(will->id, id) == 0 ? NULL : "it is named after another injection than it is of";
}
