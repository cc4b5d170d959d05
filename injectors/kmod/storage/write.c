// SPDX-License-Identifier: GPL-2.0-only
/*
 * Corrupts what a driver is given to write. Never in place, as the command's pages are the page cache's or the user's: a page with a bit
 * to flip is copied, and for as long as the driver has the command, its scatter list is one that names the copies. The
 * command's own list is back before anyone can free it: when the request is done or given back, whichever is first.
 */
#include <linux/hashtable.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "storage.h"

struct written {
	struct hlist_node node;
	struct ordeal_storage *storage;
	struct scsi_cmnd *cmd;
	struct sg_table own;		/* the command's */
	struct scatterlist *list;	/* the one in place of it */
	unsigned int entries;
	unsigned int copies;
	struct page *copy[STORAGE_MOST_BITS];
};

static DEFINE_SPINLOCK(writes_lock);
static DEFINE_HASHTABLE(writes, 8);
static atomic_t writes_count = ATOMIC_INIT(0);

static void free_written(struct written *written)
{
	while (written->copies > 0)
		__free_page(written->copy[--written->copies]);
	kfree(written->list);
	kfree(written);
}

static struct page *page_of(struct scatterlist *sg, u32 at)
{
	return pfn_to_page(page_to_pfn(sg_page(sg)) + ((sg->offset + at) >> PAGE_SHIFT));
}

/* Appends the bytes [from, to) of `sg`: as they are, or, with `copy`, as they are there. */
static void append(struct written *written, struct scatterlist *sg, u32 from, u32 to, struct page *copy)
{
	if (from < to)
		sg_set_page(&written->list[written->entries++], copy ? copy : page_of(sg, from), to - from,
			    offset_in_page(sg->offset + from));
}

static struct page *copy_page_of(struct written *written, struct scatterlist *sg, u32 at)
{
	struct page *copy = alloc_page(GFP_ATOMIC | __GFP_NOWARN);

	if (!copy)
		return NULL;
	written->copy[written->copies++] = copy;
	memcpy(page_address(copy), page_address(page_of(sg, at)), PAGE_SIZE);
	return copy;
}

/* `sg`, whose bytes begin at byte `start` of the command, with the bits of it that are among bits[*next...]. */
static bool append_flipped(struct written *written, struct scatterlist *sg, u64 start, const u64 *bits,
			   unsigned int count, unsigned int *next)
{
	u32 done = 0;

	while (*next < count && bits[*next] / 8 < start + sg->length) {
		u32 at = bits[*next] / 8 - start;
		u32 in_page = offset_in_page(sg->offset + at);
		u32 from = at - min(at, in_page);
		u32 to = min_t(u32, sg->length, at - in_page + PAGE_SIZE);
		struct page *copy = copy_page_of(written, sg, at);

		if (!copy)
			return false;
		for (; *next < count && bits[*next] / 8 < start + to; (*next)++) {
			u32 byte = bits[*next] / 8 - start;
			u8 *flipped = page_address(copy) + offset_in_page(sg->offset + byte);

			*flipped ^= 1 << (bits[*next] % 8);
		}
		append(written, sg, done, from, NULL);
		append(written, sg, from, to, copy);
		done = to;
	}
	append(written, sg, done, sg->length, NULL);
	return true;
}

static bool make_list(struct written *written, const u64 *bits, unsigned int count)
{
	struct sg_table *own = &written->own;
	unsigned int room = own->nents + 2 * count;
	struct scatterlist *sg;
	unsigned int index, next = 0;
	u64 start = 0;

	written->list = kmalloc_array(room, sizeof(*written->list), GFP_ATOMIC | __GFP_NOWARN);
	if (!written->list)
		return false;
	sg_init_table(written->list, room);
	for_each_sg(own->sgl, sg, own->nents, index) {
		if (!append_flipped(written, sg, start, bits, count, &next))
			return false;
		start += sg->length;
	}
	sg_unmark_end(&written->list[room - 1]);
	sg_mark_end(&written->list[written->entries - 1]);
	return written->entries <= written->cmd->device->host->sg_tablesize;
}

static void put_list_in(struct written *written)
{
	unsigned long flags;

	atomic_inc(&written->storage->writes_out);
	atomic_inc(&writes_count);
	spin_lock_irqsave(&writes_lock, flags);
	/* At the head: of two faults that corrupt one command, the later one's is found, and taken out, first. */
	hash_add(writes, &written->node, (unsigned long)scsi_cmd_to_rq(written->cmd));
	spin_unlock_irqrestore(&writes_lock, flags);
	written->cmd->sdb.table.sgl = written->list;
	written->cmd->sdb.table.nents = written->entries;
	written->cmd->sdb.table.orig_nents = written->entries;
}

bool storage_corrupt_write(struct ordeal_storage *storage, struct scsi_cmnd *cmd, u64 index)
{
	struct request *rq = scsi_cmd_to_rq(cmd);
	u64 bits[STORAGE_MOST_BITS];
	struct written *written;
	u64 from, bytes;

	if (req_op(rq) != REQ_OP_WRITE || !storage_corrupts_writes(storage))
		return false;
	bytes = storage_bytes_in_range(storage, blk_rq_pos(rq), scsi_bufflen(cmd), &from);
	written = bytes ? kzalloc(sizeof(*written), GFP_ATOMIC | __GFP_NOWARN) : NULL;
	if (!written)
		goto missed;
	written->storage = storage;
	written->cmd = cmd;
	written->own = cmd->sdb.table;
	storage_pick_bits(&storage->fault, index, from, bytes, storage->bits, bits);
	if (!make_list(written, bits, storage->bits)) {
		free_written(written);
		goto missed;
	}
	put_list_in(written);
	atomic64_add(storage->bits, &storage->bits_flipped);
	atomic64_set(&storage->last_sector_touched, blk_rq_pos(rq) + (bits[storage->bits - 1] >> (3 + SECTOR_SHIFT)));
	ordeal_count_effect(&storage->fault);
	return true;
missed:
	atomic64_inc(&storage->missed);
	return false;
}

static struct written *take(struct request *rq)
{
	struct written *written;
	unsigned long flags;

	spin_lock_irqsave(&writes_lock, flags);
	hash_for_each_possible(writes, written, node, (unsigned long)rq) {
		if (scsi_cmd_to_rq(written->cmd) != rq)
			continue;
		hash_del(&written->node);
		spin_unlock_irqrestore(&writes_lock, flags);
		return written;
	}
	spin_unlock_irqrestore(&writes_lock, flags);
	return NULL;
}

/* The driver has done with the request; `list_is_there`: and its scatter list is not freed yet. */
void storage_write_left(struct request *rq, bool list_is_there)
{
	struct written *written;

	if (atomic_read(&writes_count) == 0)
		return;
	while ((written = take(rq)) != NULL) {
		struct ordeal_storage *storage = written->storage;

		if (list_is_there)
			written->cmd->sdb.table = written->own;
		free_written(written);
		atomic_dec(&writes_count);
		if (atomic_dec_and_test(&storage->writes_out))
			wake_up(&storage->writes_done);
	}
}
