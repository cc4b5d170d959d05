// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processors that are taken off, and brought back at the end: those that were taken by the fault, unless somebody else has brought one
 * back meanwhile, which is his from then on.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>

#include "cpu.h"

/* How often the kernel is asked to bring one back: it may be busy with another. */
#define TRIES 5

static DEFINE_SPINLOCK(off_lock);
static LIST_HEAD(armed);
static enum cpuhp_state online_state;
/* Of no processor: they take off that on which they were queued, too. */
static struct workqueue_struct *workers;

/* With off_lock held. */
static void note_returned(struct cpu_fault *cpu, unsigned int number)
{
	if (cpu->off_acting == (int)number || !cpumask_test_and_clear_cpu(number, &cpu->off_taken))
		return;
	cpumask_set_cpu(number, &cpu->off_returned);
	cpu->off_returned_ns = ordeal_now_ns();
}

static int on_online(unsigned int number)
{
	struct cpu_fault *cpu;

	spin_lock(&off_lock);
	list_for_each_entry(cpu, &armed, off_list)
		note_returned(cpu, number);
	spin_unlock(&off_lock);
	return 0;
}

static void begin_acting(struct cpu_fault *cpu, unsigned int number)
{
	spin_lock(&off_lock);
	cpu->off_acting = number;
	spin_unlock(&off_lock);
}

static void end_acting(struct cpu_fault *cpu, unsigned int number, struct cpumask *becomes)
{
	spin_lock(&off_lock);
	cpu->off_acting = -1;
	cpumask_clear_cpu(number, &cpu->off_taken);
	if (becomes)
		cpumask_set_cpu(number, becomes);
	/* Between our doing and this somebody may have been quick. */
	if (becomes == &cpu->off_taken && cpu_online(number))
		note_returned(cpu, number);
	spin_unlock(&off_lock);
}

static void take(struct cpu_fault *cpu, unsigned int number)
{
	struct cpumask *becomes = &cpu->off_taken;

	begin_acting(cpu, number);
	if (!cpu_online(number))
		becomes = &cpu->off_found;
	else if (remove_cpu(number) != 0)
		becomes = &cpu->off_refused;
	end_acting(cpu, number, becomes);
	if (becomes == &cpu->off_taken)
		ordeal_count_effect(&cpu->fault);
}

/* The fault may be gone right after it. */
static void over(struct cpu_fault *cpu)
{
	if (atomic_dec_and_test(&cpu->off_works))
		wake_up_var(&cpu->off_works);
}

static void take_all(struct work_struct *work)
{
	struct cpu_fault *cpu = container_of(work, struct cpu_fault, off_taking.work);
	unsigned int number;
	u64 index;

	for_each_cpu(number, &cpu->cpus)
		if (ordeal_is_open(&cpu->fault) && ordeal_choose(&cpu->fault, &index))
			take(cpu, number);
	over(cpu);
}

static void bring_back(struct cpu_fault *cpu, unsigned int number)
{
	int tries, error = -EBUSY;

	begin_acting(cpu, number);
	/* More than 0 says that it was on already. */
	for (tries = 0; tries < TRIES && error < 0; tries++)
		error = add_cpu(number);
	end_acting(cpu, number, error < 0 ? &cpu->off_stuck : NULL);
}

static void bring_all_back(struct work_struct *work)
{
	struct cpu_fault *cpu = container_of(work, struct cpu_fault, off_returning);
	unsigned int number;

	for_each_cpu(number, &cpu->cpus)
		if (cpumask_test_cpu(number, &cpu->off_taken))
			bring_back(cpu, number);
	over(cpu);
}

void cpu_off_make(struct cpu_fault *cpu)
{
	cpu->off_acting = -1;
	INIT_LIST_HEAD(&cpu->off_list);
	INIT_DELAYED_WORK(&cpu->off_taking, take_all);
	INIT_WORK(&cpu->off_returning, bring_all_back);
	atomic_set(&cpu->off_works, 0);
}

int cpu_off_start(struct cpu_fault *cpu)
{
	cpumask_clear(&cpu->off_taken);
	cpumask_clear(&cpu->off_found);
	cpumask_clear(&cpu->off_refused);
	cpumask_clear(&cpu->off_returned);
	cpumask_clear(&cpu->off_stuck);
	cpu->off_returned_ns = 0;
	spin_lock(&off_lock);
	list_add_tail(&cpu->off_list, &armed);
	spin_unlock(&off_lock);
	return 0;
}

void cpu_off_opened(struct cpu_fault *cpu)
{
	atomic_inc(&cpu->off_works);
	if (!queue_delayed_work(workers, &cpu->off_taking, 0))
		over(cpu);
}

/*
 * At a deadline this runs in a worker that has to go on without memory, and the kernel does not want such a one to wait for work that may need
 * some, as cancel_work_sync() would, and as the kernel itself does when a processor comes or goes. So others do that, and it waits for them by
 * no work queue. What is not begun yet is called off.
 */
void cpu_off_stop(struct cpu_fault *cpu)
{
	if (cancel_delayed_work(&cpu->off_taking))
		over(cpu);
	wait_var_event(&cpu->off_works, atomic_read(&cpu->off_works) == 0);
	atomic_inc(&cpu->off_works);
	queue_work(workers, &cpu->off_returning);
	wait_var_event(&cpu->off_works, atomic_read(&cpu->off_works) == 0);
	spin_lock(&off_lock);
	list_del_init(&cpu->off_list);
	spin_unlock(&off_lock);
}

int cpu_off_init(void)
{
	int state;

	workers = alloc_workqueue("ordeal_cpu", WQ_HIGHPRI | WQ_UNBOUND, 0);
	if (!workers)
		return -ENOMEM;
	state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "ordeal/cpu:online", on_online, NULL);
	if (state < 0) {
		destroy_workqueue(workers);
		return state;
	}
	online_state = state;
	return 0;
}

void cpu_off_exit(void)
{
	cpuhp_remove_state_nocalls(online_state);
	destroy_workqueue(workers);
}
