// SPDX-License-Identifier: GPL-2.0-only
/*
 * What error handling asks about a command that is held: its driver has never seen it, and is not asked. Its timer fires: it is dropped,
 * and error handling goes on as with any command that timed out. Its abort succeeds. It comes again (a retry, or error handling's own
 * command in its shell): it was forgotten.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/rculist.h>

#include "hold.h"

#ifdef HAVE_SCSI_TIMEOUT_ACTION
#define GO_ON_WITH_ABORT SCSI_EH_NOT_HANDLED
#define WAIT_ON SCSI_EH_RESET_TIMER
#else
#define GO_ON_WITH_ABORT BLK_EH_DONE
#define WAIT_ON BLK_EH_RESET_TIMER
#endif

enum place { NOWHERE, IN_QUEUE, IN_HAND, DROPPED };

/* With the lock held. */
static enum place find(struct storage_hold *hold, struct scsi_cmnd *cmd, struct storage_held **found)
{
	struct timerqueue_node *node;
	struct storage_held *held;

	for (node = timerqueue_getnext(&hold->queue); node; node = timerqueue_iterate_next(node)) {
		*found = container_of(node, struct storage_held, due);
		if ((*found)->cmd == cmd)
			return IN_QUEUE;
	}
	list_for_each_entry(held, &hold->dropped, list) {
		*found = held;
		if (held->cmd == cmd)
			return DROPPED;
	}
	*found = hold->sending;
	return hold->sending && hold->sending->cmd == cmd ? IN_HAND : NOWHERE;
}

/* With the lock held. */
static void drop(struct storage_hold *hold, struct storage_held *held)
{
	timerqueue_del(&hold->queue, &held->due);
	list_add(&held->list, &hold->dropped);
	hold->counts.held--;
	hold->counts.timed_out++;
}

/* With the lock held. */
static void forget(struct storage_hold *hold, struct storage_held *held)
{
	list_move(&held->list, &hold->unused);
	if (list_empty(&hold->dropped))
		wake_up(&hold->dropped_gone);
}

void storage_hold_forget(struct ordeal_storage *storage, struct scsi_cmnd *cmd)
{
	struct storage_hold *hold = &storage->hold;
	struct storage_held *held;
	unsigned long flags;

	if (list_empty_careful(&hold->dropped))
		return;
	spin_lock_irqsave(&hold->lock, flags);
	if (find(hold, cmd, &held) == DROPPED)
		forget(hold, held);
	spin_unlock_irqrestore(&hold->lock, flags);
}

static enum place drop_if_held(struct ordeal_storage *storage, struct scsi_cmnd *cmd)
{
	struct storage_hold *hold = &storage->hold;
	struct storage_held *held;
	unsigned long flags;
	enum place place;

	spin_lock_irqsave(&hold->lock, flags);
	place = find(hold, cmd, &held);
	if (place == IN_QUEUE)
		drop(hold, held);
	spin_unlock_irqrestore(&hold->lock, flags);
	return place;
}

/* Says whether it is the driver's matter: else the driver has never seen it, and will not. */
static bool is_the_drivers(struct ordeal_storage *storage, struct scsi_cmnd *cmd)
{
	enum place place;

	/* A command in the thread's hand is the driver's in a moment. */
	while ((place = drop_if_held(storage, cmd)) == IN_HAND)
		usleep_range(50, 100);
	storage_hold_forget(storage, cmd);
	return place == NOWHERE;
}

static struct storage_hook *hook_of(typeof_member(struct Scsi_Host, hostt) template)
{
	/* The host may have been given back since. */
	return template->queuecommand == storage_queuecommand ? container_of(template, struct storage_hook, template) :
								NULL;
}

storage_timeout_action storage_timed_out(struct scsi_cmnd *cmd)
{
	int inside = srcu_read_lock(&storage_inside);
	typeof_member(struct Scsi_Host, hostt) template = READ_ONCE(cmd->device->host->hostt);
	struct storage_hook *hook = hook_of(template);
	storage_timeout_action action = GO_ON_WITH_ABORT;
	enum place place = NOWHERE;

	if (hook) {
		struct ordeal_storage *storage;

		template = hook->original;
		list_for_each_entry_rcu(storage, &hook->faults, beside, srcu_read_lock_held(&storage_inside)) {
			if (storage->effect == STORAGE_DELAY)
				place = drop_if_held(storage, cmd);
			if (place != NOWHERE)
				break;
		}
	}
	if (place == IN_HAND)
		action = WAIT_ON;
	else if (place == NOWHERE && template->eh_timed_out)
		action = template->eh_timed_out(cmd);
	srcu_read_unlock(&storage_inside, inside);
	return action;
}

int storage_abort(struct scsi_cmnd *cmd)
{
	int inside = srcu_read_lock(&storage_inside);
	typeof_member(struct Scsi_Host, hostt) template = READ_ONCE(cmd->device->host->hostt);
	struct storage_hook *hook = hook_of(template);
	bool ask_driver = true;
	int result = SUCCESS;

	if (hook) {
		struct ordeal_storage *storage;

		template = hook->original;
		list_for_each_entry_rcu(storage, &hook->faults, beside, srcu_read_lock_held(&storage_inside)) {
			if (storage->effect == STORAGE_DELAY)
				ask_driver = is_the_drivers(storage, cmd);
			if (!ask_driver)
				break;
		}
	}
	if (ask_driver)
		result = template->eh_abort_handler ? template->eh_abort_handler(cmd) : FAILED;
	srcu_read_unlock(&storage_inside, inside);
	return result;
}
