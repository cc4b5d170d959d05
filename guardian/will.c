// SPDX-License-Identifier: Apache-2.0
/*
 * The form of a will, line by line:
 *
 *   ordeal will 1
 *   boot <the boot id of the host>
 *   id <of the injection>
 *   deadline_us <of CLOCK_MONOTONIC>
 *   cgroup <inode> <path>
 *   restore <file>: <what the fault wrote> -> <what was there before>
 *
 * with one to four lines `restore`. Nothing may be missing, come twice or stand anywhere else.
 */
#include <string.h>

#include "will.h"

/* The only files that anything is ever written to. */
static const char *const files[] = {
	"cgroup.freeze",	  "cpu.max",		   "memory.max",	      "memory.swap.max",
	"freezer.state",	  "cpu.cfs_quota_us",	   "cpu.cfs_period_us",	      "memory.limit_in_bytes",
	"memory.memsw.limit_in_bytes",
};

static int is_name_char(char c, int first)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (!first && c == '-');
}

int is_name(const char *text)
{
	size_t length = strnlen(text, NAME_MOST + 1);

	if (length == 0 || length > NAME_MOST)
		return 0;
	for (size_t i = 0; i < length; i++)
		if (!is_name_char(text[i], i == 0))
			return 0;
	return 1;
}

/* Digits only, and no more than fit. */
static int parse_number(const char *text, uint64_t *number)
{
	uint64_t sum = 0;

	if (*text == '\0')
		return 0;
	for (; *text; text++) {
		unsigned int digit = (unsigned char)*text - '0';

		if (digit > 9 || __builtin_mul_overflow(sum, 10, &sum) || __builtin_add_overflow(sum, digit, &sum))
			return 0;
	}
	*number = sum;
	return 1;
}

/* What the kernel's files of cgroups say and take: words and numbers, with a blank in between. */
static int is_value(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -";
	size_t length = strnlen(text, VALUE_MOST + 1);

	if (length == 0 || length > VALUE_MOST)
		return 0;
	return text[0] != ' ' && text[length - 1] != ' ' && strspn(text, letters) == length;
}

static int is_file(const char *name)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (strcmp(files[i], name) == 0)
			return 1;
	return 0;
}

static int is_path(const char *path)
{
	size_t length = strnlen(path, PATH_MOST + 1);

	if (length < 2 || length > PATH_MOST || path[0] != '/')
		return 0;
	/* The mark and the inode of what is opened are looked at, too; nobody who means well goes up on the way there. */
	for (const char *up = strstr(path, "/.."); up; up = strstr(up + 1, "/.."))
		if (up[3] == '/' || up[3] == '\0')
			return 0;
	return 1;
}

/* What is left of a line behind its key; NULL where it begins otherwise. */
static char *behind(char *line, const char *key)
{
	size_t length = strlen(key);

	return line && strncmp(line, key, length) == 0 ? line + length : NULL;
}

/* The next line, without its end; NULL where there is no whole one any more. */
static char *next_line(char **rest)
{
	char *line = *rest;
	char *end = line ? strchr(line, '\n') : NULL;

	if (!end)
		return NULL;
	*end = '\0';
	*rest = end + 1;
	return line;
}

static const char *parse_cgroup(char *text, struct will *will)
{
	char *blank = text ? strchr(text, ' ') : NULL;

	if (!blank)
		return "its cgroup has to be an inode and a path";
	*blank = '\0';
	if (!parse_number(text, &will->inode))
		return "the inode of its cgroup is no number";
	if (!is_path(blank + 1))
		return "the path of its cgroup is none that can be opened";
	strcpy(will->cgroup, blank + 1);
	return NULL;
}

static const char *parse_restore(char *text, struct restore *restore)
{
	char *colon = text ? strstr(text, ": ") : NULL;
	char *arrow = colon ? strstr(colon, " -> ") : NULL;
	char *applied, *before;

	if (!arrow || arrow < colon + 2)
		return "a line is none of `restore <file>: <applied> -> <before>`";
	*colon = '\0';
	*arrow = '\0';
	applied = colon + 2;
	before = arrow + 4;
	if (!is_file(text))
		return "a file is none of those that a fault of a cgroup changes";
	if (!is_value(applied) || !is_value(before))
		return "a value is none that a file of a cgroup has";
	strcpy(restore->file, text);
	strcpy(restore->applied, applied);
	strcpy(restore->before, before);
	return NULL;
}

const char *parse_will(char *text, size_t length, const char *boot_id, struct will *will)
{
	const char *wrong;
	char *rest = text;
	char *value;

	memset(will, 0, sizeof(*will));
	if (length > WILL_BYTES_MOST)
		return "it is too long";
	if (memchr(text, '\0', length))
		return "it is no text";
	text[length] = '\0';
	value = behind(next_line(&rest), "ordeal will ");
	if (!value || strcmp(value, "1") != 0)
		return "its first line has to be `ordeal will 1`";
	value = behind(next_line(&rest), "boot ");
	if (!value || strcmp(value, boot_id) != 0)
		return "it is of another boot, or says no boot";
	value = behind(next_line(&rest), "id ");
	if (!value || !is_name(value))
		return "its id is no name";
	strcpy(will->id, value);
	value = behind(next_line(&rest), "deadline_us ");
	if (!value || !parse_number(value, &will->deadline_us) || will->deadline_us > INT64_MAX / 1000)
		return "its deadline is no instant";
	wrong = parse_cgroup(behind(next_line(&rest), "cgroup "), will);
	if (wrong)
		return wrong;
	while (*rest) {
		if (will->restore_count == RESTORES_MOST)
			return "it restores too many files";
		wrong = parse_restore(behind(next_line(&rest), "restore "), &will->restores[will->restore_count]);
		if (wrong)
			return wrong;
		will->restore_count++;
	}
	return will->restore_count > 0 ? NULL : "it restores nothing";
}
