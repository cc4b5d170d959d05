// SPDX-License-Identifier: GPL-2.0-only
/* What can be written of whose registers are meant. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "cpu.h"

ORDEAL_U64_ATTRIBUTE(cpu_, cpu_fault, pid_namespace, registers.scope.pid_namespace, 0, U32_MAX);

static ssize_t cpu_cgroup_show(struct config_item *item, char *page)
{
	return sprintf(page, "%s\n", cpu_of(ordeal_fault_of(item))->registers.scope.cgroup.path);
}

static ssize_t cpu_cgroup_store(struct config_item *item, const char *page, size_t count)
{
	return cpu_store_text(item, "cgroup", page, count, cpu_of(ordeal_fault_of(item))->registers.scope.cgroup.path,
			      CPU_MOST_PATH);
}
CONFIGFS_ATTR(cpu_, cgroup);

static ssize_t cpu_protect_cgroup_show(struct config_item *item, char *page)
{
	return sprintf(page, "%s\n", cpu_of(ordeal_fault_of(item))->registers.scope.protected_cgroup.path);
}

static ssize_t cpu_protect_cgroup_store(struct config_item *item, const char *page, size_t count)
{
	return cpu_store_text(item, "protect_cgroup", page, count,
			      cpu_of(ordeal_fault_of(item))->registers.scope.protected_cgroup.path, CPU_MOST_PATH);
}
CONFIGFS_ATTR(cpu_, protect_cgroup);

static ssize_t cpu_process_show(struct config_item *item, char *page)
{
	const struct cpu_scope *scope = &cpu_of(ordeal_fault_of(item))->registers.scope;

	return scope->process ? sprintf(page, "%d %llu\n", scope->process, scope->process_start) : sprintf(page, "\n");
}

/* A process id, and when it started: another process that was given the same id later is another one. */
static ssize_t cpu_process_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	struct cpu_scope *scope = &cpu_of(fault)->registers.scope;
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
CONFIGFS_ATTR(cpu_, process);

static ssize_t cpu_protect_processes_show(struct config_item *item, char *page)
{
	const struct cpu_scope *scope = &cpu_of(ordeal_fault_of(item))->registers.scope;
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
		if (*count == CPU_MOST_PROTECTED)
			return ordeal_refuse(fault, -EINVAL, "protect_processes: there are more than %d; give a protect_cgroup",
					     CPU_MOST_PROTECTED);
		if (kstrtoint(word, 10, &ids[*count]) || ids[*count] <= 0)
			return ordeal_refuse(fault, -EINVAL, "protect_processes: \"%s\" is not the id of a process", word);
		++*count;
	}
	return 0;
}

static ssize_t cpu_protect_processes_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	struct cpu_scope *scope = &cpu_of(fault)->registers.scope;
	int error = ordeal_begin_change(fault, "protect_processes");
	pid_t ids[CPU_MOST_PROTECTED];
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
CONFIGFS_ATTR(cpu_, protect_processes);

struct configfs_attribute *cpu_scope_attributes[] = {
	&cpu_attr_cgroup,	  &cpu_attr_pid_namespace,     &cpu_attr_process,
	&cpu_attr_protect_cgroup, &cpu_attr_protect_processes, NULL,
};
