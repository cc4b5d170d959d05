// SPDX-License-Identifier: GPL-2.0-only
/* What a fault of storage says of itself, after what every fault says. */
#include <linux/kernel.h>

#include "storage.h"

#define SAY(...) (at += scnprintf(page + at, PAGE_SIZE - at, __VA_ARGS__))

static const char *hook_of(const struct ordeal_storage *storage)
{
	if (!storage->scsi.given)
		return "block_rq_complete";
	return storage_corrupts_reads(storage) ? "queuecommand block_rq_complete" : "queuecommand";
}

/* What of the scope is left alone by the way the effect works; see scope.c. */
static const char *passes(const struct ordeal_storage *storage)
{
	switch (storage->effect) {
	case STORAGE_UNAVAILABLE:
	case STORAGE_DELAY:
		return storage_takes_all(storage) ? "nothing" : "flushes and commands without sectors";
	default:
		return "flushes and commands without sectors";
	}
}

int storage_show_status(struct ordeal_fault *fault, char *page, int at)
{
	struct ordeal_storage *storage = storage_of(fault);
	struct storage_hold_counts *hold = &storage->hold.counts;

	SAY("device: ");
	if (storage->scsi.given)
		at = storage_show_scsi(&storage->scsi, page, at);
	else if (storage->disk.number)
		SAY("%u:%u", MAJOR(storage->disk.number), MINOR(storage->disk.number));
	SAY("\nhook: %s\nunhooked: %s\n", hook_of(storage), !storage->hooked || storage->unhooked ? "yes" : "no");
	SAY("passes: %s\nerror_handling_passed: %lld\n", passes(storage),
	    (long long)atomic64_read(&storage->error_handling_passed));
	SAY("missed: %lld\nbits_flipped: %lld\nlast_sector_touched: %lld\n", (long long)atomic64_read(&storage->missed),
	    (long long)atomic64_read(&storage->bits_flipped), (long long)atomic64_read(&storage->last_sector_touched));
	SAY("held: %llu\nheld_most: %llu\noverflowed: %llu\nretried: %llu\nrequeued: %llu\ntimed_out: %llu\ncapped: %llu\n",
	    READ_ONCE(hold->held), READ_ONCE(hold->held_most), READ_ONCE(hold->overflowed), READ_ONCE(hold->retried),
	    READ_ONCE(hold->requeued), READ_ONCE(hold->timed_out), READ_ONCE(hold->capped));
	SAY("sent: %llu\ndelayed_sum_ns: %llu\ndelayed_max_ns: %llu\nlate_max_ns: %llu\ndrained_ns: %llu\n",
	    READ_ONCE(hold->sent), READ_ONCE(hold->delayed_sum_ns), READ_ONCE(hold->delayed_max_ns),
	    READ_ONCE(hold->late_max_ns), READ_ONCE(hold->drained_ns));
	SAY("pages_corrupted: %d\npages_dropped: %llu\npages_kept: %llu\n", atomic_read(&storage->cache.count),
	    storage->cache.dropped, storage->cache.kept);
	SAY("devices_set_running: %u\ndevices_rescanned: %u\n", storage->recovery.set_running,
	    storage->recovery.rescanned);
	return at;
}
