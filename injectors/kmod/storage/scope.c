// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which commands a fault is about. Without a direction and a range, one that makes a disk unavailable or slow is about all of its
 * commands. Everything else is about commands that move, erase or write sectors for the block layer: not about flushes, nor about what
 * comes through the pass-through of SG_IO, of which the kernel does not know the sectors.
 */
#include <linux/kernel.h>

#include "storage.h"

/*
 * Error handling sends commands of its own from its thread, in the shell of a command that failed. When it is done, the same thread runs
 * the queues.
 */
bool storage_from_error_handling(struct scsi_cmnd *cmd)
{
	struct Scsi_Host *host = cmd->device->host;

	return current == host->ehandler && scsi_host_in_recovery(host);
}

static bool moves_sectors(struct request *rq)
{
	return !blk_rq_is_passthrough(rq) && req_op(rq) != REQ_OP_FLUSH && blk_rq_sectors(rq) > 0;
}

bool storage_takes_all(const struct ordeal_storage *storage)
{
	return (storage->effect == STORAGE_UNAVAILABLE || storage->effect == STORAGE_DELAY) &&
	       storage->direction == STORAGE_BOTH && storage->first_sector == 0 && storage->last_sector == U64_MAX;
}

static bool in_direction(const struct ordeal_storage *storage, struct request *rq)
{
	bool write = op_is_write(req_op(rq));

	if (storage->effect == STORAGE_READ_ONLY && !write)
		return false;
	if (storage->effect == STORAGE_CORRUPT && req_op(rq) != REQ_OP_WRITE)
		return false;
	return storage->direction == STORAGE_BOTH || write == (storage->direction == STORAGE_WRITE);
}

u64 storage_bytes_in_range(const struct ordeal_storage *storage, sector_t start, u64 bytes, u64 *from)
{
	u64 last = start + (bytes >> SECTOR_SHIFT) - 1;
	u64 first_in = max_t(u64, start, storage->first_sector);
	u64 last_in = min_t(u64, last, storage->last_sector);

	if ((bytes >> SECTOR_SHIFT) == 0 || first_in > last_in)
		return 0;
	*from = (first_in - start) << SECTOR_SHIFT;
	return (last_in - first_in + 1) << SECTOR_SHIFT;
}

bool storage_in_scope(struct ordeal_storage *storage, struct scsi_cmnd *cmd)
{
	struct request *rq = scsi_cmd_to_rq(cmd);
	u64 from;

	if (storage->device && storage->device != cmd->device)
		return false;
	if (storage_from_error_handling(cmd)) {
		if (storage->pass_error_handling)
			atomic64_inc(&storage->error_handling_passed);
		return !storage->pass_error_handling && storage_takes_all(storage);
	}
	if (storage_takes_all(storage))
		return true;
	return moves_sectors(rq) && in_direction(storage, rq) &&
	       storage_bytes_in_range(storage, blk_rq_pos(rq), (u64)blk_rq_sectors(rq) << SECTOR_SHIFT, &from) > 0;
}
