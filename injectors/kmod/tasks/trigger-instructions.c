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

#include "tasks.h"

struct ordeal_counters {
	struct perf_event *event;
	struct irq_work work;
	struct ordeal_tasks *tasks;
};

static void follow(struct irq_work *work)
{
	struct pt_regs *regs = get_irq_regs();

	if (regs)
		ordeal_trigger_meets(container_of(work, struct ordeal_counters, work)->tasks, regs);
}

static void on_overflow(struct perf_event *event, struct perf_sample_data *data, struct pt_regs *regs)
{
	struct ordeal_counters *own = event->overflow_handler_context;

	irq_work_queue(&own->work);
}

static int count_on(unsigned int number, struct ordeal_counters *own)
{
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_HARDWARE,
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.size = sizeof(attributes),
		.sample_period = own->tasks->trigger.instructions,
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

int ordeal_instructions_start(struct ordeal_tasks *tasks)
{
	unsigned int number;
	int error = 0;

	tasks->trigger.counters = alloc_percpu(struct ordeal_counters);
	if (!tasks->trigger.counters)
		return ordeal_refuse(tasks->fault, -ENOMEM, "arm: there is no memory for it");
	for_each_online_cpu(number) {
		struct ordeal_counters *own = per_cpu_ptr(tasks->trigger.counters, number);

		own->tasks = tasks;
		init_irq_work(&own->work, follow);
		if (!cpumask_empty(tasks->trigger.cpus) && !cpumask_test_cpu(number, tasks->trigger.cpus))
			continue;
		error = count_on(number, own);
		if (error)
			break;
	}
	if (!error)
		return 0;
	ordeal_instructions_stop(tasks);
	return ordeal_refuse(tasks->fault, error, "trigger: this machine has no counter of instructions: error %d", -error);
}

void ordeal_instructions_stop(struct ordeal_tasks *tasks)
{
	unsigned int number;

	for_each_possible_cpu(number) {
		struct ordeal_counters *own = per_cpu_ptr(tasks->trigger.counters, number);

		if (!own->event)
			continue;
		perf_event_release_kernel(own->event);
		irq_work_sync(&own->work);
	}
	free_percpu(tasks->trigger.counters);
	tasks->trigger.counters = NULL;
}
