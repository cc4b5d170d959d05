// SPDX-License-Identifier: Apache-2.0
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "say.h"
#include "will.h"

/* What the agent needs with all that it starts; deploy/systemd says the same. */
#define PROTECTED_BYTES "209715200"

static char made[PATH_MAX];
static char left[PATH_MAX];

static int write_in(const char *directory, const char *file, const char *text)
{
	char path[PATH_MAX];
	ssize_t written;
	int opened, why;

	if (snprintf(path, sizeof(path), "%s/%s", directory, file) >= (int)sizeof(path))
		return -1;
	opened = open(path, O_WRONLY | O_CLOEXEC);
	written = opened < 0 ? -1 : write(opened, text, strlen(text));
	why = errno;
	if (opened >= 0)
		close(opened);
	errno = why;
	return written < 0 ? -1 : 0;
}

/* Where the hierarchy of version 2 is mounted. */
static int find_root(char *root, size_t size)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *mount = NULL;

	while (mounts && (mount = getmntent(mounts)))
		if (strcmp(mount->mnt_type, "cgroup2") == 0)
			break;
	if (mount)
		snprintf(root, size, "%s", mount->mnt_dir);
	if (mounts)
		endmntent(mounts);
	return mount ? 0 : -1;
}

/* In which cgroup of version 2 this process is, as a directory. */
static int find_own(const char *root, char *own, size_t size)
{
	FILE *lines = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX];
	int found = -1;

	while (lines && found < 0 && fgets(line, sizeof(line), lines)) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "0::", 3) == 0)
			found = snprintf(own, size, "%s%s", root, line + 3) < (int)size ? 0 : -1;
	}
	if (lines)
		fclose(lines);
	return found;
}

void join_cgroup(const char *name)
{
	char root[PATH_MAX / 2];

	if (!is_name(name)) {
		say(WARN, "no memory is protected: a cgroup cannot be called %s", name);
		return;
	}
	if (find_root(root, sizeof(root)) < 0 || find_own(root, left, sizeof(left)) < 0) {
		say(WARN, "no memory is protected: there is no cgroup hierarchy of version 2 here");
		return;
	}
	snprintf(made, sizeof(made), "%s/%s", root, name);
	/* Refused where version 1 has the controller. */
	write_in(root, "cgroup.subtree_control", "+memory");
	if (mkdir(made, 0755) < 0 && errno != EEXIST) {
		say_errno(WARN, "no memory is protected: the cgroup %s cannot be made", made);
		made[0] = '\0';
	} else if (write_in(made, "memory.min", PROTECTED_BYTES) < 0 || write_in(made, "cgroup.procs", "0") < 0) {
		say_errno(WARN, "no memory is protected: the cgroup %s does not take it", made);
		rmdir(made);
		made[0] = '\0';
	}
}

void leave_cgroup(void)
{
	if (made[0] == '\0')
		return;
	if (write_in(left, "cgroup.procs", "0") < 0 || rmdir(made) < 0)
		say_errno(WARN, "the cgroup %s stays behind", made);
}
