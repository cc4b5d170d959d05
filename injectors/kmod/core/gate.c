// SPDX-License-Identifier: GPL-2.0-only
/*
 * The gate of a fault: opened at its start and shut at its deadline by hard timers, which no load on the machine can hold up; the
 * sleeping part, unhooking and draining, follows from a worker.
 */
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>

#include "ordeal.h"

/* A fault that outlives a day is a mistake; the agent asks for much less. */
#define LONGEST_NS (24ULL * 3600 * NSEC_PER_SEC)

static bool shut_from(struct ordeal_fault *fault, enum ordeal_phase from, const char *reason)
{
	if (atomic_cmpxchg(&fault->phase, from, ORDEAL_CLOSED) != from)
		return false;
	WRITE_ONCE(fault->closed_ns, ordeal_now_ns());
	WRITE_ONCE(fault->reason, reason);
	if (fault->kind->closed)
		fault->kind->closed(fault);
	return true;
}

/* Only who shuts the gate may say why. */
static bool shut(struct ordeal_fault *fault, const char *reason)
{
	/* It may open between the two looks; then the third finds it open. */
	return shut_from(fault, ORDEAL_OPEN, reason) || shut_from(fault, ORDEAL_ARMED, reason) ||
	       shut_from(fault, ORDEAL_OPEN, reason);
}

static bool lease_lapsed(struct ordeal_fault *fault)
{
	u64 lease_ns = READ_ONCE(fault->lease_ns);

	return lease_ns != 0 && ordeal_now_ns() > lease_ns;
}

static void open_gate(struct ordeal_fault *fault)
{
	/* Before the gate is seen open: bursts are counted from it. */
	WRITE_ONCE(fault->opened_ns, ordeal_now_ns());
	smp_mb__before_atomic();
	if (atomic_cmpxchg(&fault->phase, ORDEAL_ARMED, ORDEAL_OPEN) != ORDEAL_ARMED) {
		WRITE_ONCE(fault->opened_ns, 0);
		return;
	}
	if (fault->kind->opened)
		fault->kind->opened(fault);
}

void ordeal_sleep_while_shut(struct ordeal_fault *fault)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop() || ordeal_is_open(fault))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}
EXPORT_SYMBOL_GPL(ordeal_sleep_while_shut);

static enum hrtimer_restart at_start(struct hrtimer *timer)
{
	struct ordeal_fault *fault = container_of(timer, struct ordeal_fault, start_timer);

	if (lease_lapsed(fault))
		ordeal_end(fault, "the lease had lapsed at the start");
	else
		open_gate(fault);
	return HRTIMER_NORESTART;
}

static enum hrtimer_restart at_deadline(struct hrtimer *timer)
{
	ordeal_end(container_of(timer, struct ordeal_fault, deadline_timer), "deadline");
	return HRTIMER_NORESTART;
}

void ordeal_end(struct ordeal_fault *fault, const char *reason)
{
	if (shut(fault, reason))
		queue_work(ordeal_releases, &fault->release_work);
}
EXPORT_SYMBOL_GPL(ordeal_end);

/* With fault->lock held. */
static void finish(struct ordeal_fault *fault)
{
	if (atomic_read(&fault->phase) != ORDEAL_CLOSED)
		return;
	hrtimer_cancel(&fault->start_timer);
	hrtimer_cancel(&fault->deadline_timer);
	fault->kind->release(fault);
	fault->released_ns = ordeal_now_ns();
	atomic_set(&fault->phase, ORDEAL_ENDED);
}

static void release_later(struct work_struct *work)
{
	struct ordeal_fault *fault = container_of(work, struct ordeal_fault, release_work);

	mutex_lock(&fault->lock);
	finish(fault);
	mutex_unlock(&fault->lock);
}

static void forget_counts(struct ordeal_fault *fault)
{
	atomic64_set(&fault->seen, 0);
	atomic64_set(&fault->effects, 0);
	atomic64_set(&fault->first_ns, 0);
	atomic64_set(&fault->last_ns, 0);
	fault->opened_ns = 0;
	fault->closed_ns = 0;
	fault->released_ns = 0;
	fault->reason = "";
}

/* With fault->lock held. */
static int refuse_times(struct ordeal_fault *fault)
{
	u64 now = ordeal_now_ns();

	if (fault->deadline_ns == 0)
		return ordeal_refuse(fault, -EINVAL,
				     "deadline_ns: is not given; every fault has an end, in nanoseconds of CLOCK_BOOTTIME");
	if (fault->deadline_ns <= now)
		return ordeal_refuse(fault, -EINVAL, "deadline_ns: %llu is past; it is %llu now", fault->deadline_ns, now);
	if (fault->deadline_ns - now > LONGEST_NS)
		return ordeal_refuse(fault, -EINVAL, "deadline_ns: %llu is more than 24 hours ahead; it is %llu now",
				     fault->deadline_ns, now);
	if (fault->start_ns >= fault->deadline_ns)
		return ordeal_refuse(fault, -EINVAL, "start_ns: %llu is not before deadline_ns, %llu", fault->start_ns,
				     fault->deadline_ns);
	if (fault->lease_ns != 0 && fault->lease_ns < now)
		return ordeal_refuse(fault, -EINVAL, "lease_ns: %llu is past; it is %llu now", fault->lease_ns, now);
	return 0;
}

/* With fault->lock held. */
int ordeal_arm(struct ordeal_fault *fault)
{
	int phase = atomic_read(&fault->phase);
	int error;

	if (phase != ORDEAL_IDLE && phase != ORDEAL_ENDED)
		return ordeal_refuse(fault, -EBUSY, "arm: is armed already");
	error = refuse_times(fault);
	if (error)
		return error;
	forget_counts(fault);
	/* From before it is hooked, so that a device which goes at once can end it. */
	atomic_set(&fault->phase, ORDEAL_ARMED);
	error = fault->kind->arm(fault);
	if (error) {
		atomic_set(&fault->phase, phase);
		return error;
	}
	hrtimer_start(&fault->deadline_timer, ns_to_ktime(fault->deadline_ns), HRTIMER_MODE_ABS_HARD);
	if (fault->start_ns > ordeal_now_ns())
		hrtimer_start(&fault->start_timer, ns_to_ktime(fault->start_ns), HRTIMER_MODE_ABS_HARD);
	else
		open_gate(fault);
	return 0;
}

/* With fault->lock held. Afterwards nothing of the fault is hooked, whatever it was before. */
void ordeal_disarm(struct ordeal_fault *fault, const char *reason)
{
	shut(fault, reason);
	finish(fault);
}

void ordeal_fault_init(struct ordeal_fault *fault, struct ordeal_kind *kind)
{
	fault->kind = kind;
	fault->reason = "";
	mutex_init(&fault->lock);
	atomic_set(&fault->phase, ORDEAL_IDLE);
	INIT_WORK(&fault->release_work, release_later);
#ifdef HAVE_HRTIMER_SETUP
	hrtimer_setup(&fault->start_timer, at_start, CLOCK_BOOTTIME, HRTIMER_MODE_ABS_HARD);
	hrtimer_setup(&fault->deadline_timer, at_deadline, CLOCK_BOOTTIME, HRTIMER_MODE_ABS_HARD);
#else
	hrtimer_init(&fault->start_timer, CLOCK_BOOTTIME, HRTIMER_MODE_ABS_HARD);
	hrtimer_init(&fault->deadline_timer, CLOCK_BOOTTIME, HRTIMER_MODE_ABS_HARD);
	fault->start_timer.function = at_start;
	fault->deadline_timer.function = at_deadline;
#endif
}
