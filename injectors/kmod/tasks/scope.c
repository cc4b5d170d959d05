// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose tasks: held by what stays the same, a cgroup, the inode of a namespace, a process with its start. Ordeal's own, the first
 * process and threads of the kernel are spared; the latter two are only met by who asks for them.
 */
#include <linux/cgroup.h>
#include <linux/kernel.h>
#include <linux/kernfs.h>
#include <linux/magic.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/namei.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "tasks.h"

/* The unit of /proc/<pid>/stat: USER_HZ is 100 on every machine of this kind. */
#define CLOCK_TICK_NS (NSEC_PER_SEC / 100)

static int refuse_directory(struct ordeal_fault *fault, const char *name, const struct ordeal_cgroup *cgroup)
{
	return ordeal_refuse(fault, -EINVAL, "%s: \"%s\" is not the directory of a cgroup", name, cgroup->path);
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

static int take_cgroup(struct ordeal_fault *fault, const char *name, struct ordeal_cgroup *cgroup, struct dentry *directory)
{
	struct kernfs_node *node = d_inode(directory)->i_private;
	struct cgroup *found;

	rcu_read_lock();
	found = rcu_dereference(*(void __rcu __force **)&node->priv);
	if (!found || !css_tryget(&found->self))
		found = NULL;
	rcu_read_unlock();
	if (!found)
		return ordeal_refuse(fault, -ENOENT, "%s: the cgroup \"%s\" is going", name, cgroup->path);
	cgroup->controller = directory->d_sb->s_magic == CGROUP2_SUPER_MAGIC ? -1 : controller_of(found);
	if (cgroup->controller < 0 && directory->d_sb->s_magic == CGROUP_SUPER_MAGIC) {
		css_put(&found->self);
		return ordeal_refuse(fault, -EINVAL, "%s: the hierarchy of \"%s\" has no controller", name,
				     cgroup->path);
	}
	cgroup->found = found;
	return 0;
}

static int find_cgroup(struct ordeal_fault *fault, const char *name, struct ordeal_cgroup *cgroup)
{
	struct path path;
	unsigned long magic;
	int error;

	if (!cgroup->path[0])
		return 0;
	if (kern_path(cgroup->path, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path))
		return refuse_directory(fault, name, cgroup);
	magic = path.dentry->d_sb->s_magic;
	if (magic == CGROUP_SUPER_MAGIC || magic == CGROUP2_SUPER_MAGIC)
		error = take_cgroup(fault, name, cgroup, path.dentry);
	else
		error = refuse_directory(fault, name, cgroup);
	path_put(&path);
	return error;
}

static void forget_cgroup(struct ordeal_cgroup *cgroup)
{
	if (cgroup->found)
		css_put(&cgroup->found->self);
	cgroup->found = NULL;
}

static bool has_task(const struct ordeal_cgroup *cgroup, struct task_struct *task)
{
	struct cgroup *of;
	bool found;

	rcu_read_lock();
	of = cgroup->controller < 0 ? task_css_set(task)->dfl_cgrp : task_css(task, cgroup->controller)->cgroup;
	found = cgroup_is_descendant(of, cgroup->found);
	rcu_read_unlock();
	return found;
}

static int find_process(struct ordeal_fault *fault)
{
	struct ordeal_scope *scope = &fault->tasks->scope;
	struct task_struct *task;
	u64 start;

	if (!scope->process)
		return 0;
	scope->process_pid = find_get_pid(scope->process);
	task = get_pid_task(scope->process_pid, PIDTYPE_TGID);
	if (!task)
		return ordeal_refuse(fault, -ESRCH, "process: there is no process %d", scope->process);
	start = div_u64(task->start_boottime, CLOCK_TICK_NS);
	put_task_struct(task);
	if (start != scope->process_start)
		return ordeal_refuse(fault, -ESRCH, "process: %d started at %llu, not at %llu: it is another one",
				     scope->process, start, scope->process_start);
	return 0;
}

/* One that is not there any more needs no protection. */
static void find_protected(struct ordeal_scope *scope)
{
	unsigned int at;

	for (at = 0; at < scope->protected_count; at++)
		scope->protected_pids[at] = find_get_pid(scope->protected[at]);
}

int ordeal_refuse_scope(struct ordeal_fault *fault, bool needs_one)
{
	const struct ordeal_scope *scope = &fault->tasks->scope;
	int given = !!scope->cgroup.path[0] + !!scope->pid_namespace + !!scope->process;

	if (given > 1)
		return ordeal_refuse(fault, -EINVAL, "cgroup, pid_namespace, process: %d are given; give one", given);
	if (given == 0 && needs_one)
		return ordeal_refuse(fault, -EINVAL, "cgroup, pid_namespace, process: none is given; give one");
	return 0;
}
EXPORT_SYMBOL_GPL(ordeal_refuse_scope);

int ordeal_scope_find(struct ordeal_fault *fault)
{
	struct ordeal_scope *scope = &fault->tasks->scope;
	int error = find_cgroup(fault, "cgroup", &scope->cgroup);

	atomic64_set(&scope->spared, 0);
	if (!error)
		error = find_cgroup(fault, "protect_cgroup", &scope->protected_cgroup);
	if (!error)
		error = find_process(fault);
	if (error)
		ordeal_scope_forget(fault);
	else
		find_protected(scope);
	return error;
}
EXPORT_SYMBOL_GPL(ordeal_scope_find);

void ordeal_scope_forget(struct ordeal_fault *fault)
{
	struct ordeal_scope *scope = &fault->tasks->scope;
	unsigned int at;

	forget_cgroup(&scope->cgroup);
	forget_cgroup(&scope->protected_cgroup);
	put_pid(scope->process_pid);
	scope->process_pid = NULL;
	for (at = 0; at < ORDEAL_MOST_PROTECTED; at++) {
		put_pid(scope->protected_pids[at]);
		scope->protected_pids[at] = NULL;
	}
}
EXPORT_SYMBOL_GPL(ordeal_scope_forget);

bool ordeal_scope_means(const struct ordeal_scope *scope, struct task_struct *task)
{
	struct pid_namespace *namespace;

	if (scope->process_pid)
		return task_tgid(task) == scope->process_pid;
	if (!scope->cgroup.found && !scope->pid_namespace)
		return true;
	if ((task->flags & PF_KTHREAD) || is_global_init(task))
		return false;
	if (scope->cgroup.found)
		return has_task(&scope->cgroup, task);
	namespace = task_active_pid_ns(task);
	return namespace && namespace->ns.inum == scope->pid_namespace;
}

static bool is_protected(const struct ordeal_scope *scope)
{
	unsigned int at;

	if (scope->protected_cgroup.found && has_task(&scope->protected_cgroup, current))
		return true;
	for (at = 0; at < scope->protected_count; at++)
		if (scope->protected_pids[at] && task_tgid(current) == scope->protected_pids[at])
			return true;
	return false;
}

bool ordeal_scope_has_current(struct ordeal_fault *fault)
{
	struct ordeal_scope *scope = &fault->tasks->scope;

	if (!ordeal_scope_means(scope, current))
		return false;
	if (!is_protected(scope))
		return true;
	atomic64_inc(&scope->spared);
	return false;
}
EXPORT_SYMBOL_GPL(ordeal_scope_has_current);
