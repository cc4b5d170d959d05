// SPDX-License-Identifier: GPL-2.0-only
/*
 * A breakpoint at a function of the kernel. Of the kernel it meets the registers at that function's first instruction; of a program
 * those with which it will go on once the kernel has served it.
 */
#include <linux/kernel.h>
#include <linux/sched/task_stack.h>

#include "tasks.h"

static int on_function(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct ordeal_tasks *tasks = container_of(kprobe, struct ordeal_tasks, trigger.kprobe);
	unsigned long ip = regs->ip;

	if (tasks->trigger.context == ORDEAL_KERNEL)
		ordeal_trigger_meets(tasks, regs);
	else if (!(current->flags & PF_KTHREAD))
		ordeal_trigger_meets(tasks, task_pt_regs(current));
	/* Who changes where to go on has to say so. */
	return regs->ip != ip;
}

/* Keeps the kernel from making a jump of the breakpoint, after which registers could not be changed. */
static void afterwards(struct kprobe *kprobe, struct pt_regs *regs, unsigned long flags)
{
}

int ordeal_function_start(struct ordeal_tasks *tasks)
{
	struct ordeal_trigger *own = &tasks->trigger;
	int error;

	memset(&own->kprobe, 0, sizeof(own->kprobe));
	own->kprobe.symbol_name = own->function;
	own->kprobe.pre_handler = on_function;
	own->kprobe.post_handler = afterwards;
	error = register_kprobe(&own->kprobe);
	if (error)
		return ordeal_refuse(tasks->fault, error, "function: the kernel has no \"%s\" that can be probed: error %d",
				     own->function, -error);
	return 0;
}

void ordeal_function_stop(struct ordeal_tasks *tasks)
{
	unregister_kprobe(&tasks->trigger.kprobe);
}
