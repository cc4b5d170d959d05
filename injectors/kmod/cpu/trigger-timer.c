// SPDX-License-Identifier: GPL-2.0-only
/* A hard timer on each processor: what its interrupt has interrupted is whatever ran there. */
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <asm/irq_regs.h>

#include "cpu.h"

struct cpu_timers {
	struct hrtimer timer;
	struct cpu_fault *cpu;
};

static ktime_t period(const struct cpu_fault *cpu)
{
	return ns_to_ktime(cpu->registers.timer_us * NSEC_PER_USEC);
}

static enum hrtimer_restart fire(struct hrtimer *timer)
{
	struct cpu_fault *cpu = container_of(timer, struct cpu_timers, timer)->cpu;
	struct pt_regs *regs = get_irq_regs();

	if (regs)
		cpu_registers_met(cpu, regs);
	hrtimer_forward_now(timer, period(cpu));
	return HRTIMER_RESTART;
}

static void start_here(void *data)
{
	struct cpu_timers *own = data;

	hrtimer_start(&own->timer, period(own->cpu), HRTIMER_MODE_REL_PINNED_HARD);
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

int cpu_timer_start(struct cpu_fault *cpu)
{
	unsigned int number;

	cpu->registers.timers = alloc_percpu(struct cpu_timers);
	if (!cpu->registers.timers)
		return ordeal_refuse(&cpu->fault, -ENOMEM, "arm: there is no memory for it");
	for_each_possible_cpu(number) {
		struct cpu_timers *own = per_cpu_ptr(cpu->registers.timers, number);

		own->cpu = cpu;
		make_timer(&own->timer);
	}
	cpus_read_lock();
	for_each_online_cpu(number)
		if (cpumask_empty(&cpu->cpus) || cpumask_test_cpu(number, &cpu->cpus))
			smp_call_function_single(number, start_here, per_cpu_ptr(cpu->registers.timers, number), 1);
	cpus_read_unlock();
	return 0;
}

void cpu_timer_stop(struct cpu_fault *cpu)
{
	unsigned int number;

	for_each_possible_cpu(number)
		hrtimer_cancel(&per_cpu_ptr(cpu->registers.timers, number)->timer);
	free_percpu(cpu->registers.timers);
	cpu->registers.timers = NULL;
}
