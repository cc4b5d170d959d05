// SPDX-License-Identifier: GPL-2.0-only
/* The tracepoint at the entry of every system call, which has the registers as the program left them. */
#include <linux/kernel.h>
#include <linux/tracepoint.h>

#include "cpu.h"

static struct tracepoint *entry_point;

static void on_entry(void *data, struct pt_regs *regs, long number)
{
	cpu_registers_met(data, regs);
}

/* It is not exported by name. */
static void find(struct tracepoint *point, void *data)
{
	if (strcmp(point->name, "sys_enter") == 0)
		entry_point = point;
}

int cpu_syscall_start(struct cpu_fault *cpu)
{
	int error = -ENOENT;

	for_each_kernel_tracepoint(find, NULL);
	if (entry_point)
		error = tracepoint_probe_register(entry_point, on_entry, cpu);
	if (error)
		return ordeal_refuse(&cpu->fault, error, "trigger: this kernel does not tell of system calls: error %d", -error);
	return 0;
}

void cpu_syscall_stop(struct cpu_fault *cpu)
{
	tracepoint_probe_unregister(entry_point, on_entry, cpu);
	tracepoint_synchronize_unregister();
}
