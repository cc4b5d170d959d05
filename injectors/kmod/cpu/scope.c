// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose registers: held by what stays the same, a cgroup, the inode of a namespace, a process with its start. Ordeal's own, the first
 * process and threads of the kernel are spared; the latter two are only met by who asks for them.
 */
#include <linux/cgroup.h>
#include <linux/kernel.h>
#include <linux/kernfs.h>
#include <linux/magic.h>
#include <linux/math64.h>
#include <linux/namei.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "cpu.h"

/* The unit of /proc/<pid>/stat: USER_HZ is 100 on every machine of this kind. */
#define CLOCK_TICK_NS (NSEC_PER_SEC / 100)

static int refuse_directory(struct cpu_fault *cpu, const char *name, const struct cpu_cgroup *cgroup)
{
	return ordeal_refuse(&cpu->fault, -EINVAL, "%s: \"%s\" is not the directory of a cgroup", name, cgroup->path);
}

/* Any controller that is mounted with the hierarchy tells who is where in it; -1 where there is none. */
static int controller_of(struct cgroup *cgroup)
{
	int number;

	for (number = 0; number < CGROUP_SUBSYS_COUNT; number++)
		if (rcu_access_pointer(cgroup->subsys[number]))
			return number;
	return -1;
}

static int take_cgroup(struct cpu_fault *cpu, const char *name, struct cpu_cgroup *cgroup, struct dentry *directory)
{
	struct kernfs_node *node = d_inode(directory)->i_private;
	struct cgroup *found;

	rcu_read_lock();
	found = rcu_dereference(*(void __rcu __force **)&node->priv);
	if (!found || !css_tryget(&found->self))
		found = NULL;
	rcu_read_unlock();
	if (!found)
		return ordeal_refuse(&cpu->fault, -ENOENT, "%s: the cgroup \"%s\" is going", name, cgroup->path);
	cgroup->controller = directory->d_sb->s_magic == CGROUP2_SUPER_MAGIC ? -1 : controller_of(found);
	if (cgroup->controller < 0 && directory->d_sb->s_magic == CGROUP_SUPER_MAGIC) {
		css_put(&found->self);
		return ordeal_refuse(&cpu->fault, -EINVAL, "%s: the hierarchy of \"%s\" has no controller", name,
				     cgroup->path);
	}
	cgroup->found = found;
	return 0;
}

static int find_cgroup(struct cpu_fault *cpu, const char *name, struct cpu_cgroup *cgroup)
{
	struct path path;
	unsigned long magic;
	int error;

	if (!cgroup->path[0])
		return 0;
	if (kern_path(cgroup->path, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path))
		return refuse_directory(cpu, name, cgroup);
	magic = path.dentry->d_sb->s_magic;
	if (magic == CGROUP_SUPER_MAGIC || magic == CGROUP2_SUPER_MAGIC)
		error = take_cgroup(cpu, name, cgroup, path.dentry);
	else
		error = refuse_directory(cpu, name, cgroup);
	path_put(&path);
	return error;
}

static void forget_cgroup(struct cpu_cgroup *cgroup)
{
	if (cgroup->found)
		css_put(&cgroup->found->self);
	cgroup->found = NULL;
}

static bool has_task(const struct cpu_cgroup *cgroup, struct task_struct *task)
{
	struct cgroup *of;
	bool found;

	rcu_read_lock();
	of = cgroup->controller < 0 ? task_css_set(task)->dfl_cgrp : task_css(task, cgroup->controller)->cgroup;
	found = cgroup_is_descendant(of, cgroup->found);
	rcu_read_unlock();
	return found;
}

static int find_process(struct cpu_fault *cpu)
{
	struct cpu_scope *scope = &cpu->registers.scope;
	struct task_struct *task;
	u64 start;

	if (!scope->process)
		return 0;
	scope->process_pid = find_get_pid(scope->process);
	task = get_pid_task(scope->process_pid, PIDTYPE_TGID);
	if (!task)
		return ordeal_refuse(&cpu->fault, -ESRCH, "process: there is no process %d", scope->process);
	start = div_u64(task->start_boottime, CLOCK_TICK_NS);
	put_task_struct(task);
	if (start != scope->process_start)
		return ordeal_refuse(&cpu->fault, -ESRCH, "process: %d started at %llu, not at %llu: it is another one",
				     scope->process, start, scope->process_start);
	return 0;
}

/* One that is not there any more needs no protection. */
static void find_protected(struct cpu_scope *scope)
{
	unsigned int at;

	for (at = 0; at < scope->protected_count; at++)
		scope->protected_pids[at] = find_get_pid(scope->protected[at]);
}

int cpu_scope_find(struct cpu_fault *cpu)
{
	struct cpu_scope *scope = &cpu->registers.scope;
	int error = find_cgroup(cpu, "cgroup", &scope->cgroup);

	if (!error)
		error = find_cgroup(cpu, "protect_cgroup", &scope->protected_cgroup);
	if (!error)
		error = find_process(cpu);
	if (error)
		cpu_scope_forget(cpu);
	else
		find_protected(scope);
	return error;
}

void cpu_scope_forget(struct cpu_fault *cpu)
{
	struct cpu_scope *scope = &cpu->registers.scope;
	unsigned int at;

	forget_cgroup(&scope->cgroup);
	forget_cgroup(&scope->protected_cgroup);
	put_pid(scope->process_pid);
	scope->process_pid = NULL;
	for (at = 0; at < CPU_MOST_PROTECTED; at++) {
		put_pid(scope->protected_pids[at]);
		scope->protected_pids[at] = NULL;
	}
}

static bool is_meant(const struct cpu_scope *scope, enum cpu_context context)
{
	if (scope->process_pid)
		return task_tgid(current) == scope->process_pid;
	if (!scope->cgroup.found && !scope->pid_namespace)
		return context == CPU_KERNEL;
	if ((current->flags & PF_KTHREAD) || is_global_init(current))
		return false;
	if (scope->cgroup.found)
		return has_task(&scope->cgroup, current);
	return task_active_pid_ns(current) && task_active_pid_ns(current)->ns.inum == scope->pid_namespace;
}

static bool is_protected(const struct cpu_scope *scope)
{
	unsigned int at;

	if (scope->protected_cgroup.found && has_task(&scope->protected_cgroup, current))
		return true;
	for (at = 0; at < scope->protected_count; at++)
		if (scope->protected_pids[at] && task_tgid(current) == scope->protected_pids[at])
			return true;
	return false;
}

bool cpu_scope_has_current(struct cpu_fault *cpu)
{
	const struct cpu_scope *scope = &cpu->registers.scope;

	if (!is_meant(scope, cpu->registers.context))
		return false;
	if (!is_protected(scope))
		return true;
	atomic64_inc(&cpu->registers.spared);
	return false;
}
