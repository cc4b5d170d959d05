// SPDX-License-Identifier: GPL-2.0-only
/* What leads to the fault, by the word that was written; and when the turn of a task that was met has come. */
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/ptrace.h>

#include "tasks.h"

#define DEFAULT_TIMER_US 10000

static const struct {
	int (*start)(struct ordeal_tasks *tasks);
	void (*stop)(struct ordeal_tasks *tasks);
} triggers[] = {
	[ORDEAL_TIMER] = { ordeal_timer_start, ordeal_timer_stop },
	[ORDEAL_SYSCALL] = { ordeal_syscall_start, ordeal_syscall_stop },
	[ORDEAL_ADDRESS] = { ordeal_address_start, ordeal_address_stop },
	[ORDEAL_FUNCTION] = { ordeal_function_start, ordeal_function_stop },
	[ORDEAL_INSTRUCTIONS] = { ordeal_instructions_start, ordeal_instructions_stop },
};

void ordeal_tasks_make(struct ordeal_fault *fault, struct ordeal_tasks *tasks)
{
	fault->tasks = tasks;
	tasks->fault = fault;
	tasks->trigger.timer_us = DEFAULT_TIMER_US;
	tasks->trigger.cpus = cpu_none_mask;
}
EXPORT_SYMBOL_GPL(ordeal_tasks_make);

int ordeal_trigger_start(struct ordeal_fault *fault)
{
	struct ordeal_trigger *trigger = &fault->tasks->trigger;

	atomic64_set(&trigger->turns, 0);
	return triggers[trigger->kind].start(fault->tasks);
}
EXPORT_SYMBOL_GPL(ordeal_trigger_start);

void ordeal_trigger_stop(struct ordeal_fault *fault)
{
	triggers[fault->tasks->trigger.kind].stop(fault->tasks);
}
EXPORT_SYMBOL_GPL(ordeal_trigger_stop);

void ordeal_trigger_meets(struct ordeal_tasks *tasks, struct pt_regs *regs)
{
	struct ordeal_trigger *trigger = &tasks->trigger;
	u64 index;

	if (!ordeal_is_open(tasks->fault) || user_mode(regs) != (trigger->context == ORDEAL_USER) ||
	    !ordeal_scope_has_current(tasks->fault))
		return;
	if (!ordeal_choose(tasks->fault, &index))
		return;
	if (trigger->times && !atomic64_add_unless(&trigger->turns, 1, trigger->times))
		return;
	if (!trigger->met(tasks->fault, regs, index) && trigger->times)
		atomic64_dec(&trigger->turns);
}
