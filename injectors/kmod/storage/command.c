// SPDX-License-Identifier: GPL-2.0-only
/* What the faults of a host do to a command on its way to the driver. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <scsi/scsi_eh.h>

#include "storage.h"

/* Additional sense codes, as in SPC. */
#define UNRECOVERED_READ_ERROR 0x11
#define WRITE_ERROR 0x0c
#define WRITE_PROTECTED 0x27

void storage_answer(struct scsi_cmnd *cmd, int result)
{
	cmd->result = result;
#ifdef HAVE_SCSI_DONE
	scsi_done(cmd);
#else
	cmd->scsi_done(cmd);
#endif
}

static void answer_with_sense(struct scsi_cmnd *cmd, u8 key, u8 asc, sector_t sector)
{
	u64 block = sector >> (ilog2(cmd->device->sector_size) - SECTOR_SHIFT);
	int result = SAM_STAT_CHECK_CONDITION;

	scsi_build_sense_buffer(block > U32_MAX, cmd->sense_buffer, key, asc, 0);
	scsi_set_sense_information(cmd->sense_buffer, SCSI_SENSE_BUFFERSIZE, block);
	/* Nothing was transferred: without it the kernel takes what is before the sector for good. */
	scsi_set_resid(cmd, scsi_bufflen(cmd));
#ifdef DRIVER_SENSE
	result |= DRIVER_SENSE << 24;
#endif
	storage_answer(cmd, result);
}

static sector_t first_sector_in_range(const struct ordeal_storage *storage, struct request *rq)
{
	return max_t(u64, blk_rq_pos(rq), storage->first_sector);
}

static void answer_error(struct ordeal_storage *storage, struct scsi_cmnd *cmd)
{
	struct request *rq = scsi_cmd_to_rq(cmd);
	sector_t sector = first_sector_in_range(storage, rq);

	atomic64_set(&storage->last_sector_touched, sector);
	if (storage->effect == STORAGE_READ_ONLY)
		answer_with_sense(cmd, DATA_PROTECT, WRITE_PROTECTED, sector);
	else if (op_is_write(req_op(rq)))
		answer_with_sense(cmd, MEDIUM_ERROR, WRITE_ERROR, sector);
	else
		answer_with_sense(cmd, MEDIUM_ERROR, UNRECOVERED_READ_ERROR, sector);
}

/* A fault that has counted a command that goes on. */
struct counted {
	struct ordeal_storage *storage;
	bool has_effect;
};

/* With more than these on one host, what the driver was too busy for is counted again by the others when it comes again. */
#define MOST_COUNTED 8

struct passage {
	struct scsi_cmnd *cmd;
	unsigned int count;
	struct counted counted[MOST_COUNTED];
};

static void remember(struct passage *passage, struct ordeal_storage *storage, bool has_effect)
{
	if (passage->count < MOST_COUNTED)
		passage->counted[passage->count++] = (struct counted){ storage, has_effect };
}

/* The driver has not taken the command: it is as it was before, and comes again. */
static void take_back(struct passage *passage)
{
	storage_write_left(scsi_cmd_to_rq(passage->cmd), true);
	while (passage->count > 0) {
		struct counted *counted = &passage->counted[--passage->count];

		if (counted->has_effect)
			atomic64_sub(counted->storage->bits, &counted->storage->bits_flipped);
		ordeal_take_back(&counted->storage->fault, counted->has_effect);
	}
}

/* Says whether the command is not to go on: it was answered, or is held. */
static bool swallows(struct ordeal_storage *storage, struct passage *passage)
{
	struct scsi_cmnd *cmd = passage->cmd;
	bool has_effect = false;
	u64 index;

	if (storage->effect == STORAGE_DELAY)
		storage_hold_forget(storage, cmd);
	if (!ordeal_is_open(&storage->fault) || !storage_in_scope(storage, cmd))
		return false;
	if (ordeal_choose(&storage->fault, &index)) {
		switch (storage->effect) {
		case STORAGE_UNAVAILABLE:
			ordeal_count_effect(&storage->fault);
			if (blk_rq_is_passthrough(scsi_cmd_to_rq(cmd)))
				WRITE_ONCE(storage->recovery.answered_questions, true);
			storage_answer(cmd, DID_NO_CONNECT << 16);
			return true;
		case STORAGE_ERROR:
		case STORAGE_READ_ONLY:
			ordeal_count_effect(&storage->fault);
			answer_error(storage, cmd);
			return true;
		case STORAGE_DELAY:
			if (storage_hold(storage, cmd, index))
				return true;
			break;
		case STORAGE_CORRUPT:
			has_effect = storage_corrupt_write(storage, cmd, index);
			break;
		default:
			break;
		}
	}
	remember(passage, storage, has_effect);
	return false;
}

storage_queue_status storage_pass(struct storage_hook *hook, struct ordeal_storage *after, struct scsi_cmnd *cmd)
{
	/* Read before: once it was swallowed, the command may be another's. */
	bool last = cmd->flags & SCMD_LAST;
	u16 queue = scsi_cmd_to_rq(cmd)->mq_hctx->queue_num;
	struct list_head *at = after ? &after->beside : &hook->faults;
	struct passage passage = { .cmd = cmd };
	storage_queue_status status;

	for (at = rcu_dereference_raw(list_next_rcu(at)); at != &hook->faults;
	     at = rcu_dereference_raw(list_next_rcu(at))) {
		if (!swallows(list_entry(at, struct ordeal_storage, beside), &passage))
			continue;
		/* It was to ring the bell for those before it, which the driver has. */
		if (last && hook->original->commit_rqs)
			hook->original->commit_rqs(hook->host, queue);
		return 0;
	}
	status = hook->original->queuecommand(hook->host, cmd);
	if (status)
		take_back(&passage);
	return status;
}

storage_queue_status storage_queuecommand(struct Scsi_Host *host, struct scsi_cmnd *cmd)
{
	int inside = srcu_read_lock(&storage_inside);
	typeof(host->hostt) template = READ_ONCE(host->hostt);
	storage_queue_status status;

	/* The host may have been given back since its template was read. */
	if (template->queuecommand == storage_queuecommand)
		status = storage_pass(container_of(template, struct storage_hook, template), NULL, cmd);
	else
		status = template->queuecommand(host, cmd);
	srcu_read_unlock(&storage_inside, inside);
	return status;
}
