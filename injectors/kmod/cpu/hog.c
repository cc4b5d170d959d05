// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread of the kernel on each processor, which burns its share of each period and sleeps for the rest. What it got is what the scheduler
 * says that it ran for; what it had too much or too little in a period it makes up for in the next.
 */
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <uapi/linux/sched/types.h>

#include "cpu.h"

/* Long before anybody complains: the kernel of stalls after about 20 s, systemd's watchdogs after some more. */
#define LONGEST_BURN_NS NSEC_PER_SEC
#define BREAK_NS NSEC_PER_MSEC

static void sleep_until(struct cpu_hog *hog, u64 ns)
{
	ktime_t at = ns_to_ktime(ns);

	set_current_state(TASK_INTERRUPTIBLE);
	if (!kthread_should_stop())
		schedule_hrtimeout(&at, HRTIMER_MODE_ABS);
	__set_current_state(TASK_RUNNING);
	hog->rested_ns = ktime_get_ns();
}

static void burn_until(struct ordeal_fault *fault, u64 ns)
{
	while (ktime_get_ns() < ns && ordeal_is_open(fault) && !kthread_should_stop())
		cond_resched();
}

/* When its processor was off, the kernel has let it run anywhere. */
static bool is_at_home(struct cpu_hog *hog)
{
	if (!cpu_online(hog->number))
		return false;
	return raw_smp_processor_id() == hog->number ||
	       set_cpus_allowed_ptr(current, cpumask_of(hog->number)) == 0;
}

static void burn_period(struct cpu_hog *hog, u64 began, u64 length)
{
	struct cpu_fault *cpu = hog->cpu;
	u64 before = current->se.sum_exec_runtime;
	s64 want, left;
	u64 index;

	if (!is_at_home(hog) || !ordeal_choose(&cpu->fault, &index)) {
		hog->carry_ns = 0;
		return sleep_until(hog, began + length);
	}
	want = (s64)div_u64(length * cpu->hog_percent, 100) + hog->carry_ns;
	ordeal_count_effect(&cpu->fault);
	burn_until(&cpu->fault, began + clamp_t(s64, want, 0, length));
	if (ktime_get_ns() < began + length)
		sleep_until(hog, began + length);
	left = want - (s64)(current->se.sum_exec_runtime - before);
	/* No more than a period: who was kept from burning for long is not to burn without end. */
	hog->carry_ns = clamp_t(s64, left, -(s64)length, length);
}

static int hog_thread(void *data)
{
	struct cpu_hog *hog = data;
	struct cpu_fault *cpu = hog->cpu;
	u64 length = cpu->hog_period_us * NSEC_PER_USEC;
	u64 now;

	while (!kthread_should_stop()) {
		if (!ordeal_is_open(&cpu->fault)) {
			ordeal_sleep_while_shut(&cpu->fault);
			hog->rested_ns = ktime_get_ns();
			continue;
		}
		now = ktime_get_ns();
		if (now - hog->rested_ns >= LONGEST_BURN_NS)
			sleep_until(hog, now + BREAK_NS);
		else
			burn_period(hog, now, length);
	}
	return 0;
}

static int give_priority(struct cpu_fault *cpu, struct task_struct *thread)
{
	if (cpu->hog_class == CPU_FAIR)
		return 0;
#ifdef HAVE_SCHED_SETATTR_NOCHECK
	{
		struct sched_attr attributes = {
			.size = sizeof(attributes),
			.sched_policy = SCHED_FIFO,
			.sched_priority = cpu->hog_priority,
		};

		return sched_setattr_nocheck(thread, &attributes);
	}
#else
	if (cpu->hog_priority == 1)
		sched_set_fifo_low(thread);
	else
		sched_set_fifo(thread);
	return 0;
#endif
}

static int start_one(struct cpu_hog *hog)
{
	struct task_struct *thread;
	int error;

	thread = kthread_create_on_node(hog_thread, hog, cpu_to_node(hog->number), "ordeal_hog/%u", hog->number);
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	/* Its run time is still asked for when it has ended. */
	get_task_struct(thread);
	hog->thread = thread;
	kthread_bind(thread, hog->number);
	error = give_priority(hog->cpu, thread);
	if (error)
		kthread_stop(thread);
	else
		wake_up_process(thread);
	return error;
}

int cpu_hog_start(struct cpu_fault *cpu)
{
	unsigned int number;
	int error;

	cpu->hogs = kcalloc(cpumask_weight(&cpu->cpus), sizeof(*cpu->hogs), GFP_KERNEL);
	if (!cpu->hogs)
		return ordeal_refuse(&cpu->fault, -ENOMEM, "arm: there is no memory for it");
	for_each_cpu(number, &cpu->cpus) {
		struct cpu_hog *hog = &cpu->hogs[cpu->hog_count];

		hog->cpu = cpu;
		hog->number = number;
		error = start_one(hog);
		if (error)
			goto err_started;
		cpu->hog_count++;
	}
	return 0;

err_started:
	ordeal_refuse(&cpu->fault, error, "arm: the thread for processor %u cannot be started: error %d", number, -error);
	if (cpu->hogs[cpu->hog_count].thread)
		put_task_struct(cpu->hogs[cpu->hog_count].thread);
	cpu_hog_stop(cpu);
	cpu_hog_forget(cpu);
	return error;
}

void cpu_hog_opened(struct cpu_fault *cpu)
{
	unsigned int at;

	for (at = 0; at < cpu->hog_count; at++)
		wake_up_process(cpu->hogs[at].thread);
}

void cpu_hog_stop(struct cpu_fault *cpu)
{
	unsigned int at;

	for (at = 0; at < cpu->hog_count; at++)
		kthread_stop(cpu->hogs[at].thread);
}

void cpu_hog_forget(struct cpu_fault *cpu)
{
	unsigned int at;

	for (at = 0; at < cpu->hog_count; at++)
		put_task_struct(cpu->hogs[at].thread);
	kfree(cpu->hogs);
	cpu->hogs = NULL;
	cpu->hog_count = 0;
}

/* Of a thread that runs just now, the last tick of it may be missing. */
u64 cpu_hog_ran_ns(const struct cpu_hog *hog)
{
	return READ_ONCE(hog->thread->se.sum_exec_runtime);
}

u64 cpu_hog_wall_ns(const struct cpu_fault *cpu)
{
	u64 opened = READ_ONCE(cpu->fault.opened_ns);
	u64 closed = READ_ONCE(cpu->fault.closed_ns);

	return opened ? (closed ?: ordeal_now_ns()) - opened : 0;
}
