// SPDX-License-Identifier: GPL-2.0-only
/* The tracepoint at the entry of every system call, which has the registers as the program left them. */
#include <linux/kernel.h>
#include <linux/tracepoint.h>

#include "tasks.h"

static struct tracepoint *entry_point;

static void on_entry(void *data, struct pt_regs *regs, long number)
{
	ordeal_trigger_meets(data, regs);
}

/* It is not exported by name. */
static void find(struct tracepoint *point, void *data)
{
	if (strcmp(point->name, "sys_enter") == 0)
		entry_point = point;
}

int ordeal_syscall_start(struct ordeal_tasks *tasks)
{
	int error = -ENOENT;

	for_each_kernel_tracepoint(find, NULL);
	if (entry_point)
		error = tracepoint_probe_register(entry_point, on_entry, tasks);
	if (error)
		return ordeal_refuse(tasks->fault, error, "trigger: this kernel does not tell of system calls: error %d", -error);
	return 0;
}

void ordeal_syscall_stop(struct ordeal_tasks *tasks)
{
	tracepoint_probe_unregister(entry_point, on_entry, tasks);
	tracepoint_synchronize_unregister();
}
