// SPDX-License-Identifier: GPL-2.0-only
/*
 * The performance counter of each processor, after so many instructions of programs. It tells by an interrupt that nothing holds up,
 * in which little is allowed: an interrupt of the usual kind follows it at once, and meets what both have interrupted.
 */
#include <linux/cpu.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/perf_event.h>
#include <asm/irq_regs.h>

#include "cpu.h"

struct cpu_counters {
	struct perf_event *event;
	struct irq_work work;
	struct cpu_fault *cpu;
};

static void follow(struct irq_work *work)
{
	struct pt_regs *regs = get_irq_regs();

	if (regs)
		cpu_registers_met(container_of(work, struct cpu_counters, work)->cpu, regs);
}

static void on_overflow(struct perf_event *event, struct perf_sample_data *data, struct pt_regs *regs)
{
	struct cpu_counters *own = event->overflow_handler_context;

	irq_work_queue(&own->work);
}

static int count_on(unsigned int number, struct cpu_counters *own)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_HARDWARE,
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.size = sizeof(attributes),
		.sample_period = own->cpu->registers.instructions,
		.pinned = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	struct perf_event *event = perf_event_create_kernel_counter(&attributes, number, NULL, on_overflow, own);

	if (IS_ERR(event))
		return PTR_ERR(event);
	own->event = event;
	return 0;
}

int cpu_instructions_start(struct cpu_fault *cpu)
{
	unsigned int number;
	int error = 0;

	cpu->registers.counters = alloc_percpu(struct cpu_counters);
	if (!cpu->registers.counters)
		return ordeal_refuse(&cpu->fault, -ENOMEM, "arm: there is no memory for it");
	for_each_online_cpu(number) {
		struct cpu_counters *own = per_cpu_ptr(cpu->registers.counters, number);

		own->cpu = cpu;
		init_irq_work(&own->work, follow);
		if (!cpumask_empty(&cpu->cpus) && !cpumask_test_cpu(number, &cpu->cpus))
			continue;
		error = count_on(number, own);
		if (error)
			break;
	}
	if (!error)
		return 0;
	cpu_instructions_stop(cpu);
	return ordeal_refuse(&cpu->fault, error, "trigger: this machine has no counter of instructions: error %d", -error);
}

void cpu_instructions_stop(struct cpu_fault *cpu)
{
	unsigned int number;

	for_each_possible_cpu(number) {
		struct cpu_counters *own = per_cpu_ptr(cpu->registers.counters, number);

		if (!own->event)
			continue;
		perf_event_release_kernel(own->event);
		irq_work_sync(&own->work);
	}
	free_percpu(cpu->registers.counters);
	cpu->registers.counters = NULL;
}
