// SPDX-License-Identifier: GPL-2.0-only
/* What can be written of whose tasks are meant. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "tasks.h"

ORDEAL_TEXT_AT(, cgroup, fault->tasks->scope.cgroup.path);
ORDEAL_TEXT_AT(, protect_cgroup, fault->tasks->scope.protected_cgroup.path);
ORDEAL_U64_AT(, pid_namespace, fault->tasks->scope.pid_namespace, 0, U32_MAX);

static ssize_t process_show(struct config_item *item, char *page)
{
	const struct ordeal_scope *scope = &ordeal_fault_of(item)->tasks->scope;

	return scope->process ? sprintf(page, "%d %llu\n", scope->process, scope->process_start) : sprintf(page, "\n");
}

/* A process id, and when it started: another process that was given the same id later is another one. */
static ssize_t process_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	struct ordeal_scope *scope = &fault->tasks->scope;
	int error = ordeal_begin_change(fault, "process");
	unsigned long long start = 0;
	char text[64], more[2];
	int process = 0, found;

	if (error)
		return error;
	strscpy(text, skip_spaces(page), sizeof(text));
	strim(text);
	found = sscanf(text, "%d %llu%1s", &process, &start, more);
	if (text[0] && (found != 2 || process <= 0)) {
		error = ordeal_refuse(fault, -EINVAL,
				      "process: \"%s\" is not an id and the start of it, as fields 1 and 22 of /proc/<id>/stat",
				      text);
	} else {
		scope->process = process;
		scope->process_start = start;
	}
	ordeal_end_change(fault);
	return error ? error : count;
}
CONFIGFS_ATTR(, process);

static ssize_t protect_processes_show(struct config_item *item, char *page)
{
	const struct ordeal_scope *scope = &ordeal_fault_of(item)->tasks->scope;
	unsigned int index;
	int at = 0;

	for (index = 0; index < scope->protected_count; index++)
		at += sprintf(page + at, "%s%d", at ? " " : "", scope->protected[index]);
	return at + sprintf(page + at, "\n");
}

static int parse_protected(struct ordeal_fault *fault, char *text, pid_t *ids, unsigned int *count)
{
	char *word;

	while ((word = strsep(&text, " "))) {
		if (!*word)
			continue;
		if (*count == ORDEAL_MOST_PROTECTED)
			return ordeal_refuse(fault, -EINVAL, "protect_processes: there are more than %d; give a protect_cgroup",
					     ORDEAL_MOST_PROTECTED);
		if (kstrtoint(word, 10, &ids[*count]) || ids[*count] <= 0)
			return ordeal_refuse(fault, -EINVAL, "protect_processes: \"%s\" is not the id of a process", word);
		++*count;
	}
	return 0;
}

static ssize_t protect_processes_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	struct ordeal_scope *scope = &fault->tasks->scope;
	int error = ordeal_begin_change(fault, "protect_processes");
	pid_t ids[ORDEAL_MOST_PROTECTED];
	unsigned int found = 0;
	char text[256];

	if (error)
		return error;
	strscpy(text, skip_spaces(page), sizeof(text));
	error = parse_protected(fault, strim(text), ids, &found);
	if (!error) {
		memcpy(scope->protected, ids, sizeof(ids));
		scope->protected_count = found;
	}
	ordeal_end_change(fault);
	return error ? error : count;
}
CONFIGFS_ATTR(, protect_processes);

struct configfs_attribute *ordeal_scope_attributes[] = {
	&attr_cgroup, &attr_pid_namespace, &attr_process, &attr_protect_cgroup, &attr_protect_processes, NULL,
};
EXPORT_SYMBOL_GPL(ordeal_scope_attributes);
