// SPDX-License-Identifier: GPL-2.0-only
/* Corrupts what was read, when its driver says that it is there and before those who wait for it are told: of any block driver. */
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/rculist.h>
#include <linux/spinlock.h>

#include "storage.h"

/* Protects the list of readers against other writers; it is read under RCU. */
static DEFINE_SPINLOCK(readers_lock);
static LIST_HEAD(readers);

static bool is_of(const struct ordeal_storage *storage, struct request *rq)
{
	if (storage->device)
		return rq->q == storage->device->request_queue;
	if (storage->host)
		return rq->q->tag_set == &storage->host->tag_set;
	return rq->q == storage->disk.queue;
}

/* `bits` ascend. */
static void flip(struct ordeal_storage *storage, struct request *rq, const u64 *bits, unsigned int count)
{
	struct req_iterator at;
	struct bio_vec piece;
	unsigned int next = 0;
	u64 start = 0;

	rq_for_each_segment(piece, rq, at) {
		unsigned int first = next;

		for (; next < count && bits[next] / 8 < start + piece.bv_len; next++) {
			u8 *byte = page_address(piece.bv_page) + piece.bv_offset + (bits[next] / 8 - start);

			*byte ^= 1 << (bits[next] % 8);
		}
		if (next > first) {
			flush_dcache_page(piece.bv_page);
			storage_cache_remember(storage, piece.bv_page);
		}
		start += piece.bv_len;
	}
}

static void corrupt(struct ordeal_storage *storage, struct request *rq, unsigned int done)
{
	u64 bits[STORAGE_MOST_BITS];
	u64 from, index;
	u64 bytes = storage_bytes_in_range(storage, blk_rq_pos(rq), done, &from);

	if (bytes == 0 || !ordeal_choose(&storage->fault, &index))
		return;
	storage_pick_bits(&storage->fault, index, from, bytes, storage->bits, bits);
	flip(storage, rq, bits, storage->bits);
	atomic64_add(storage->bits, &storage->bits_flipped);
	atomic64_set(&storage->last_sector_touched, blk_rq_pos(rq) + (bits[storage->bits - 1] >> (3 + SECTOR_SHIFT)));
	ordeal_count_effect(&storage->fault);
}

/* In any context but NMI. `bytes` of it are done, from where the request stands. */
void storage_read_done(struct request *rq, unsigned int bytes)
{
	struct ordeal_storage *storage;

	if (req_op(rq) != REQ_OP_READ || !rq->bio)
		return;
	rcu_read_lock();
	list_for_each_entry_rcu(storage, &readers, reading)
		if (ordeal_is_open(&storage->fault) && is_of(storage, rq))
			corrupt(storage, rq, bytes);
	rcu_read_unlock();
}

void storage_reads_start(struct ordeal_storage *storage)
{
	if (!storage_corrupts_reads(storage))
		return;
	spin_lock(&readers_lock);
	list_add_tail_rcu(&storage->reading, &readers);
	spin_unlock(&readers_lock);
}

/* Afterwards nothing is corrupted for this fault any more. */
void storage_reads_stop(struct ordeal_storage *storage)
{
	if (!storage_corrupts_reads(storage))
		return;
	spin_lock(&readers_lock);
	list_del_rcu(&storage->reading);
	spin_unlock(&readers_lock);
	synchronize_rcu();
}
