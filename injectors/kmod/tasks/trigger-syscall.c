// SPDX-License-Identifier: GPL-2.0-only
/* The entry of a system call, which has the registers as the program left them. */
#include <linux/kernel.h>

#include "tasks.h"

static void on_entry(void *data, struct pt_regs *regs, long number)
{
	ordeal_trigger_meets(data, regs);
	ordeal_callers_sift(data);
}

int ordeal_syscall_start(struct ordeal_tasks *tasks)
{
	int error = ordeal_callers_follow(tasks, on_entry);

	if (error)
		return ordeal_refuse(tasks->fault, error, "trigger: this kernel does not tell of system calls: error %d", -error);
	return 0;
}

void ordeal_syscall_stop(struct ordeal_tasks *tasks)
{
	ordeal_callers_leave(tasks, on_entry);
}
