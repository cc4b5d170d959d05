// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is followed into system calls. The kernel marks every thread once somebody follows, and each call of a marked thread goes a
 * longer way. So a thread that is not meant loses its mark at its first call, and whoever comes to be meant later, by a fork or by a
 * move into the cgroup, is given it again. Where others follow system calls too, another fault or a tracer, everybody stays marked.
 */
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/thread_info.h>
#include <linux/tracepoint.h>

#include "tasks.h"

/* How long those who begin to trace beside us may miss calls of threads that have lost their mark. */
#define LOOK_EVERY (HZ / 10)

enum { ENTER, EXIT, FORK, MOVE, POINTS };
static const char *const names[POINTS] = { "sys_enter", "sys_exit", "sched_process_fork", "cgroup_attach_task" };
static struct tracepoint *points[POINTS];

static void mark(struct task_struct *thread)
{
#ifdef SYSCALL_WORK_SYSCALL_TRACEPOINT
	set_task_syscall_work(thread, SYSCALL_TRACEPOINT);
#else
	set_tsk_thread_flag(thread, TIF_SYSCALL_TRACEPOINT);
#endif
}

static void unmark(struct task_struct *thread)
{
#ifdef SYSCALL_WORK_SYSCALL_TRACEPOINT
	clear_task_syscall_work(thread, SYSCALL_TRACEPOINT);
#else
	clear_tsk_thread_flag(thread, TIF_SYSCALL_TRACEPOINT);
#endif
}

/* One that is forked meanwhile is seen in on_fork(). */
static void mark_everybody(void)
{
	struct task_struct *process, *thread;

	rcu_read_lock();
	for_each_process_thread(process, thread)
		mark(thread);
	rcu_read_unlock();
}

static bool follows_alone(void)
{
	const struct tracepoint_func *followers;
	bool alone;

	rcu_read_lock();
	followers = rcu_dereference(points[ENTER]->funcs);
	alone = followers && !followers[1].func && !static_key_enabled(&points[EXIT]->key);
	rcu_read_unlock();
	return alone;
}

static bool keeps_mark(struct ordeal_tasks *tasks, struct task_struct *thread)
{
	return !READ_ONCE(tasks->trigger.sifts) || ordeal_scope_means(&tasks->scope, thread) || !follows_alone();
}

void ordeal_callers_sift(struct ordeal_tasks *tasks)
{
	if (keeps_mark(tasks, current))
		return;
	unmark(current);
	/* Whoever gives it the mark at this moment first does what is looked for here. */
	smp_mb__after_atomic();
	if (keeps_mark(tasks, current))
		mark(current);
}

static void on_fork(void *data, struct task_struct *parent, struct task_struct *child)
{
	if (keeps_mark(data, child))
		mark(child);
}

static void on_move(void *data, struct cgroup *cgroup, const char *path, struct task_struct *task, bool with_process)
{
	struct task_struct *thread;

	if (!with_process) {
		mark(task);
		return;
	}
	rcu_read_lock();
	for_each_thread(task, thread)
		mark(thread);
	rcu_read_unlock();
}

/* On the queue of the releases, which call it off and wait for it: memory may wait for them, and so may wait for nothing else. */
static void look_later(struct ordeal_trigger *own)
{
	queue_delayed_work(ordeal_releases, &own->look, LOOK_EVERY);
}

static void look(struct work_struct *work)
{
	struct ordeal_trigger *own = container_of(to_delayed_work(work), struct ordeal_trigger, look);

	if (!follows_alone())
		mark_everybody();
	look_later(own);
}

/* They are not exported by name. */
static void find(struct tracepoint *point, void *data)
{
	int which = match_string(names, POINTS, point->name);

	if (which >= 0)
		points[which] = point;
}

static int find_points(void)
{
	int which;

	for_each_kernel_tracepoint(find, NULL);
	for (which = 0; which < POINTS; which++)
		if (!points[which])
			return -ENOENT;
	return 0;
}

int ordeal_callers_follow(struct ordeal_tasks *tasks, ordeal_entry_probe *on_entry)
{
	struct ordeal_trigger *own = &tasks->trigger;
	int error = find_points();

	if (!error)
		error = tracepoint_probe_register(points[ENTER], on_entry, tasks);
	if (error)
		return error;
	error = tracepoint_probe_register(points[FORK], on_fork, tasks);
	if (error)
		goto err_enter;
	error = tracepoint_probe_register(points[MOVE], on_move, tasks);
	if (error)
		goto err_fork;
	/* Another fault, of which the kernel has not marked them anew, may have let go of those that are meant here. */
	mark_everybody();
	WRITE_ONCE(own->sifts, true);
	INIT_DELAYED_WORK(&own->look, look);
	look_later(own);
	return 0;
err_fork:
	tracepoint_probe_unregister(points[FORK], on_fork, tasks);
	tracepoint_synchronize_unregister();
err_enter:
	tracepoint_probe_unregister(points[ENTER], on_entry, tasks);
	tracepoint_synchronize_unregister();
	return error;
}

void ordeal_callers_leave(struct ordeal_tasks *tasks, ordeal_entry_probe *on_entry)
{
	struct ordeal_trigger *own = &tasks->trigger;

	cancel_delayed_work_sync(&own->look);
	WRITE_ONCE(own->sifts, false);
	tracepoint_synchronize_unregister();
	/* As those who trace beside us have a right to; where there are none, the kernel takes all marks with our last probe. */
	mark_everybody();
	tracepoint_probe_unregister(points[MOVE], on_move, tasks);
	tracepoint_probe_unregister(points[FORK], on_fork, tasks);
	tracepoint_synchronize_unregister();
	tracepoint_probe_unregister(points[ENTER], on_entry, tasks);
	tracepoint_synchronize_unregister();
}
