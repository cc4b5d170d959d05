// SPDX-License-Identifier: GPL-2.0-only
/* What leads to a flip, by the word that was written. */
#include <linux/kernel.h>

#include "cpu.h"

static const struct {
	int (*start)(struct cpu_fault *cpu);
	void (*stop)(struct cpu_fault *cpu);
} triggers[] = {
	[CPU_TIMER] = { cpu_timer_start, cpu_timer_stop },
	[CPU_SYSCALL] = { cpu_syscall_start, cpu_syscall_stop },
	[CPU_ADDRESS] = { cpu_address_start, cpu_address_stop },
	[CPU_FUNCTION] = { cpu_function_start, cpu_function_stop },
	[CPU_INSTRUCTIONS] = { cpu_instructions_start, cpu_instructions_stop },
};

int cpu_trigger_start(struct cpu_fault *cpu)
{
	return triggers[cpu->registers.trigger].start(cpu);
}

void cpu_trigger_stop(struct cpu_fault *cpu)
{
	triggers[cpu->registers.trigger].stop(cpu);
}
