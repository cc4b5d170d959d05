// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holds commands back and sends them when they are due. A thread of its own sends them, above all usual ones, as some drivers sleep in
 * queuecommand. A held command is in one of two places: in the queue, or, for as long as it takes, in the thread's hand (`sending`).
 *
 * The timer of its request runs on. When it fires, the command leaves the queue and is `dropped`: the driver has never seen it, so
 * error handling's abort of it succeeds without the driver (abort.c).
 */
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "hold.h"

/* Of the seed. */
#define PURPOSE_DELAY 16
/* The abort of a dropped command is scheduled 10 ms after it timed out. */
#define ABORT_IS_DUE (2 * HZ)
/* As the block layer has it. */
#define OFFER_AGAIN_NS (3 * NSEC_PER_MSEC)

static u64 delay_ns(struct ordeal_storage *storage, struct storage_held *held, u64 index)
{
	struct scsi_cmnd *cmd = held->cmd;
	u64 jitter_ns = storage->jitter_us * NSEC_PER_USEC;
	u64 ns = storage->delay_us * NSEC_PER_USEC - jitter_ns;
	u64 most_ns = jiffies_to_nsecs(held->for_recovery ? cmd->device->eh_timeout :
							    (int)scsi_cmd_to_rq(cmd)->timeout) / 2;

	if (jitter_ns)
		ns += ordeal_random_below(&storage->fault, index, PURPOSE_DELAY, 2 * jitter_ns + 1);
	if (ns <= most_ns || storage->provoke_timeout)
		return ns;
	storage->hold.counts.capped++;
	return most_ns;
}

/* Says whether the command is held now: else it goes on at once. */
bool storage_hold(struct ordeal_storage *storage, struct scsi_cmnd *cmd, u64 index)
{
	struct storage_hold *hold = &storage->hold;
	struct storage_held *held;
	unsigned long flags;
	bool is_first;

	spin_lock_irqsave(&hold->lock, flags);
	held = list_first_entry_or_null(&hold->unused, struct storage_held, list);
	/* The gate is looked at again: what comes after the thread has found it shut and nothing held would stay. */
	if (!held || !ordeal_is_open(&storage->fault)) {
		hold->counts.overflowed += !held;
		spin_unlock_irqrestore(&hold->lock, flags);
		return false;
	}
	list_del(&held->list);
	held->cmd = cmd;
	held->for_recovery = storage_from_error_handling(cmd);
	held->taken = ktime_get();
	timerqueue_init(&held->due);
	held->asked = ktime_add_ns(held->taken, delay_ns(storage, held, index));
	held->due.expires = held->asked;
	is_first = timerqueue_add(&hold->queue, &held->due);
	hold->counts.held++;
	hold->counts.held_most = max(hold->counts.held_most, hold->counts.held);
	ordeal_count_effect(&storage->fault);
	spin_unlock_irqrestore(&hold->lock, flags);
	if (is_first)
		wake_up(&hold->wake);
	return true;
}

/* In hard interrupt context: all that is held is due now. */
void storage_hold_closed(struct ordeal_storage *storage)
{
	wake_up(&storage->hold.wake);
}

static bool is_shut(struct ordeal_storage *storage)
{
	return atomic_read(&storage->fault.phase) >= ORDEAL_CLOSED;
}

/* With the lock held: what is to be sent next, or NULL and when to look again. */
static struct storage_held *take_due(struct ordeal_storage *storage, ktime_t *again)
{
	struct storage_hold *hold = &storage->hold;
	struct timerqueue_node *node = timerqueue_getnext(&hold->queue);

	if (!node) {
		*again = KTIME_MAX;
		return NULL;
	}
	*again = node->expires;
	if (!is_shut(storage) && ktime_before(ktime_get(), node->expires))
		return NULL;
	timerqueue_del(&hold->queue, node);
	return container_of(node, struct storage_held, due);
}

/* Before it is sent, as whoever waits for it may look at once. Returns how long it was held. */
static u64 count_sent(struct storage_hold *hold, struct storage_held *held, bool on_time)
{
	ktime_t now = ktime_get();
	u64 delayed_ns = ktime_to_ns(ktime_sub(now, held->taken));
	s64 late_ns = ktime_to_ns(ktime_sub(now, held->asked));

	hold->counts.sent++;
	hold->counts.delayed_sum_ns += delayed_ns;
	hold->counts.delayed_max_ns = max(hold->counts.delayed_max_ns, delayed_ns);
	if (on_time && late_ns > 0)
		hold->counts.late_max_ns = max_t(u64, hold->counts.late_max_ns, late_ns);
	return delayed_ns;
}

/* The driver is busy: the command stays held, and was not sent. With the lock held. */
static void offer_again(struct storage_hold *hold, u64 counted_ns)
{
	struct storage_held *held = hold->sending;

	hold->counts.sent--;
	hold->counts.delayed_sum_ns -= counted_ns;
	hold->counts.retried++;
	held->due.expires = ktime_add_ns(ktime_get(), OFFER_AGAIN_NS);
	timerqueue_add(&hold->queue, &held->due);
}

/* The kernel has let go of the device, or holds all its commands back itself. */
static int answer_instead(struct scsi_cmnd *cmd)
{
	if (!scsi_device_online(cmd->device))
		return DID_NO_CONNECT << 16;
	if (scsi_host_in_recovery(cmd->device->host) || scsi_device_blocked(cmd->device))
		return DID_REQUEUE << 16;
	return 0;
}

/* Says whether it has left: the driver has it, or it was answered. */
static bool send(struct ordeal_storage *storage, struct storage_held *held)
{
	struct scsi_cmnd *cmd = held->cmd;
	int answer = held->for_recovery ? 0 : answer_instead(cmd);
	bool is_busy = false;
	int inside;

	if (!answer) {
		/* It comes alone. */
		cmd->flags |= SCMD_LAST;
		inside = srcu_read_lock(&storage_inside);
		is_busy = storage_pass(storage->hook, storage, cmd) != 0;
		srcu_read_unlock(&storage_inside, inside);
	}
	/* Given back to the kernel, it would come again as another one, and be held again. */
	if (is_busy && !is_shut(storage))
		return false;
	if (is_busy)
		answer = DID_REQUEUE << 16;
	if (answer) {
		storage->hold.counts.requeued += answer == DID_REQUEUE << 16;
		storage_answer(cmd, answer);
	}
	return true;
}

/* Sends what is due; returns when to look again. */
static ktime_t send_due(struct ordeal_storage *storage)
{
	struct storage_hold *hold = &storage->hold;
	u64 counted_ns;
	bool has_left;
	ktime_t again;

	spin_lock_irq(&hold->lock);
	while ((hold->sending = take_due(storage, &again)) != NULL) {
		counted_ns = count_sent(hold, hold->sending, !is_shut(storage));
		spin_unlock_irq(&hold->lock);
		has_left = send(storage, hold->sending);
		spin_lock_irq(&hold->lock);
		if (!has_left) {
			offer_again(hold, counted_ns);
			continue;
		}
		hold->counts.held--;
		list_add(&hold->sending->list, &hold->unused);
	}
	if (is_shut(storage) && hold->counts.drained_ns == 0) {
		hold->counts.drained_ns = ordeal_now_ns();
		complete(&hold->drained);
	}
	spin_unlock_irq(&hold->lock);
	return again;
}

static bool has_due(struct ordeal_storage *storage, ktime_t again)
{
	struct storage_hold *hold = &storage->hold;
	struct timerqueue_node *node;
	bool has;

	spin_lock_irq(&hold->lock);
	node = timerqueue_getnext(&hold->queue);
	has = (node && node->expires < again) || (is_shut(storage) && hold->counts.drained_ns == 0);
	spin_unlock_irq(&hold->lock);
	return has;
}

static int run(void *data)
{
	struct ordeal_storage *storage = data;
	DEFINE_WAIT(wait);

	while (!kthread_should_stop()) {
		ktime_t again = send_due(storage);

		prepare_to_wait(&storage->hold.wake, &wait, TASK_IDLE);
		if (!kthread_should_stop() && !has_due(storage, again))
			schedule_hrtimeout(again == KTIME_MAX ? NULL : &again, HRTIMER_MODE_ABS);
		finish_wait(&storage->hold.wake, &wait);
	}
	return 0;
}

void storage_hold_init(struct ordeal_storage *storage)
{
	struct storage_hold *hold = &storage->hold;

	spin_lock_init(&hold->lock);
	timerqueue_init_head(&hold->queue);
	init_completion(&hold->drained);
	init_waitqueue_head(&hold->wake);
	init_waitqueue_head(&hold->dropped_gone);
}

int storage_hold_start(struct ordeal_storage *storage)
{
	struct storage_hold *hold = &storage->hold;
	u64 index;

	INIT_LIST_HEAD(&hold->unused);
	INIT_LIST_HEAD(&hold->dropped);
	reinit_completion(&hold->drained);
	/* In advance: the disk may be what memory would have to be freed through. */
	hold->entries = kvcalloc(storage->held_limit, sizeof(*hold->entries), GFP_KERNEL);
	if (!hold->entries)
		return -ENOMEM;
	for (index = 0; index < storage->held_limit; index++)
		list_add(&hold->entries[index].list, &hold->unused);
	hold->thread = kthread_run(run, storage, "ordeal_storage");
	if (IS_ERR(hold->thread)) {
		kvfree(hold->entries);
		return -ENOMEM;
	}
	sched_set_fifo(hold->thread);
	return 0;
}

/* The gate is shut: waits until nothing is held, and for error handling to have asked about all that was dropped. */
void storage_hold_drain(struct ordeal_storage *storage)
{
	struct storage_hold *hold = &storage->hold;

	wait_for_completion(&hold->drained);
	wait_event_timeout(hold->dropped_gone, list_empty_careful(&hold->dropped), ABORT_IS_DUE);
}

/* Nobody is inside any more. */
void storage_hold_stop(struct ordeal_storage *storage)
{
	kthread_stop(storage->hold.thread);
	kvfree(storage->hold.entries);
}
