// SPDX-License-Identifier: GPL-2.0-only
/* A hard timer on each processor: what its interrupt has interrupted is whatever ran there. */
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <asm/irq_regs.h>

#include "tasks.h"

struct ordeal_timers {
	struct hrtimer timer;
	struct ordeal_tasks *tasks;
};

static ktime_t period(const struct ordeal_tasks *tasks)
{
	return ns_to_ktime(tasks->trigger.timer_us * NSEC_PER_USEC);
}

static enum hrtimer_restart fire(struct hrtimer *timer)
{
	struct ordeal_tasks *tasks = container_of(timer, struct ordeal_timers, timer)->tasks;
	struct pt_regs *regs = get_irq_regs();

	if (regs)
		ordeal_trigger_meets(tasks, regs);
	hrtimer_forward_now(timer, period(tasks));
	return HRTIMER_RESTART;
}

static void start_here(void *data)
{
	struct ordeal_timers *own = data;

	hrtimer_start(&own->timer, period(own->tasks), HRTIMER_MODE_REL_PINNED_HARD);
}

static void make_timer(struct hrtimer *timer)
{
#ifdef HAVE_HRTIMER_SETUP
	hrtimer_setup(timer, fire, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	timer->function = fire;
#endif
}

int ordeal_timer_start(struct ordeal_tasks *tasks)
{
	unsigned int number;

	tasks->trigger.timers = alloc_percpu(struct ordeal_timers);
	if (!tasks->trigger.timers)
		return ordeal_refuse(tasks->fault, -ENOMEM, "arm: there is no memory for it");
	for_each_possible_cpu(number) {
		struct ordeal_timers *own = per_cpu_ptr(tasks->trigger.timers, number);

		own->tasks = tasks;
		make_timer(&own->timer);
	}
	cpus_read_lock();
	for_each_online_cpu(number)
		if (cpumask_empty(tasks->trigger.cpus) || cpumask_test_cpu(number, tasks->trigger.cpus))
			smp_call_function_single(number, start_here, per_cpu_ptr(tasks->trigger.timers, number), 1);
	cpus_read_unlock();
	return 0;
}

void ordeal_timer_stop(struct ordeal_tasks *tasks)
{
	unsigned int number;

	for_each_possible_cpu(number)
		hrtimer_cancel(&per_cpu_ptr(tasks->trigger.timers, number)->timer);
	free_percpu(tasks->trigger.timers);
	tasks->trigger.timers = NULL;
}
