// SPDX-License-Identifier: GPL-2.0-only
/*
 * A breakpoint at a function of the kernel. Of the kernel it meets the registers at that function's first instruction; of a program
 * those with which it will go on once the kernel has served it.
 */
#include <linux/kernel.h>
#include <linux/sched/task_stack.h>

#include "cpu.h"

static int on_function(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct cpu_fault *cpu = container_of(kprobe, struct cpu_fault, registers.kprobe);
	unsigned long ip = regs->ip;

	if (cpu->registers.context == CPU_KERNEL)
		cpu_registers_met(cpu, regs);
	else if (!(current->flags & PF_KTHREAD))
		cpu_registers_met(cpu, task_pt_regs(current));
	/* Who changes where to go on has to say so. */
	return regs->ip != ip;
}

/* Keeps the kernel from making a jump of the breakpoint, after which registers could not be changed. */
static void afterwards(struct kprobe *kprobe, struct pt_regs *regs, unsigned long flags)
{
}

int cpu_function_start(struct cpu_fault *cpu)
{
	struct cpu_registers *own = &cpu->registers;
	int error;

	memset(&own->kprobe, 0, sizeof(own->kprobe));
	own->kprobe.symbol_name = own->function;
	own->kprobe.pre_handler = on_function;
	own->kprobe.post_handler = afterwards;
	error = register_kprobe(&own->kprobe);
	if (error)
		return ordeal_refuse(&cpu->fault, error, "function: the kernel has no \"%s\" that can be probed: error %d",
				     own->function, -error);
	return 0;
}

void cpu_function_stop(struct cpu_fault *cpu)
{
	unregister_kprobe(&cpu->registers.kprobe);
}
