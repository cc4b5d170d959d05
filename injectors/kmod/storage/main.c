// SPDX-License-Identifier: GPL-2.0-only
/* Faults of storage: /sys/kernel/config/ordeal/storage/<name>. What can be asked, and the order of arming and releasing. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "storage.h"

/* Beyond the longest request timeout that is usual, 60 s of a flush, so that a delay can provoke one. */
#define LONGEST_DELAY_US 600000000ULL
#define MOST_HELD 65536
/* Above the depth of the queues of usual hosts. */
#define DEFAULT_HELD 1024

static const char *const effects[] = {
	[STORAGE_NONE] = "none",   [STORAGE_UNAVAILABLE] = "unavailable", [STORAGE_DELAY] = "delay",
	[STORAGE_CORRUPT] = "corrupt", [STORAGE_ERROR] = "error", [STORAGE_READ_ONLY] = "read_only", NULL,
};
static const char *const directions[] = {
	[STORAGE_BOTH] = "both", [STORAGE_READ] = "read", [STORAGE_WRITE] = "write", NULL,
};

ORDEAL_WORD_ATTRIBUTE(storage_, ordeal_storage, effect, effect, effects);
ORDEAL_WORD_ATTRIBUTE(storage_, ordeal_storage, direction, direction, directions);
ORDEAL_U64_ATTRIBUTE(storage_, ordeal_storage, first_sector, first_sector, 0, U64_MAX);
ORDEAL_U64_ATTRIBUTE(storage_, ordeal_storage, last_sector, last_sector, 0, U64_MAX);
ORDEAL_U64_ATTRIBUTE(storage_, ordeal_storage, delay_us, delay_us, 1, LONGEST_DELAY_US);
ORDEAL_U64_ATTRIBUTE(storage_, ordeal_storage, jitter_us, jitter_us, 0, LONGEST_DELAY_US);
ORDEAL_U64_ATTRIBUTE(storage_, ordeal_storage, provoke_timeout, provoke_timeout, 0, 1);
ORDEAL_U64_ATTRIBUTE(storage_, ordeal_storage, pass_error_handling, pass_error_handling, 0, 1);
ORDEAL_U64_ATTRIBUTE(storage_, ordeal_storage, held_limit, held_limit, 1, MOST_HELD);
ORDEAL_U64_ATTRIBUTE(storage_, ordeal_storage, bits, bits, 1, STORAGE_MOST_BITS);

static ssize_t storage_scsi_show(struct config_item *item, char *page)
{
	int at = storage_show_scsi(&storage_of(ordeal_fault_of(item))->scsi, page, 0);

	return at + scnprintf(page + at, PAGE_SIZE - at, "\n");
}

static ssize_t storage_scsi_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	int error = ordeal_begin_change(fault, "scsi");

	if (error)
		return error;
	error = storage_parse_scsi(storage_of(fault), page);
	ordeal_end_change(fault);
	return error ? error : count;
}
CONFIGFS_ATTR(storage_, scsi);

static ssize_t storage_disk_show(struct config_item *item, char *page)
{
	dev_t number = storage_of(ordeal_fault_of(item))->disk.number;

	return number ? sprintf(page, "%u:%u\n", MAJOR(number), MINOR(number)) : sprintf(page, "\n");
}

static ssize_t storage_disk_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	int error = ordeal_begin_change(fault, "disk");

	if (error)
		return error;
	error = storage_parse_disk(storage_of(fault), page);
	ordeal_end_change(fault);
	return error ? error : count;
}
CONFIGFS_ATTR(storage_, disk);

static struct configfs_attribute *attributes[] = {
	&storage_attr_scsi,
	&storage_attr_disk,
	&storage_attr_effect,
	&storage_attr_direction,
	&storage_attr_first_sector,
	&storage_attr_last_sector,
	&storage_attr_delay_us,
	&storage_attr_jitter_us,
	&storage_attr_provoke_timeout,
	&storage_attr_pass_error_handling,
	&storage_attr_held_limit,
	&storage_attr_bits,
	NULL,
};

static struct ordeal_fault *make(void)
{
	struct ordeal_storage *storage = kzalloc(sizeof(*storage), GFP_KERNEL);

	if (!storage)
		return ERR_PTR(-ENOMEM);
	storage->last_sector = U64_MAX;
	storage->held_limit = DEFAULT_HELD;
	storage->bits = 1;
	init_waitqueue_head(&storage->writes_done);
	storage_hold_init(storage);
	return &storage->fault;
}

static void free_fault(struct ordeal_fault *fault)
{
	kfree(storage_of(fault));
}

static int refuse_combination(struct ordeal_storage *storage)
{
	struct ordeal_fault *fault = &storage->fault;

	if (storage->effect == STORAGE_NONE)
		return ordeal_refuse(fault, -EINVAL,
				     "effect: is not given; it is one of: unavailable delay corrupt error read_only");
	if (!storage->scsi.given == !storage->disk.number)
		return ordeal_refuse(fault, -EINVAL, "scsi, disk: %s; give exactly one",
				     storage->scsi.given ? "both are given" : "neither is given");
	if (storage->disk.number && !(storage->effect == STORAGE_CORRUPT && storage->direction == STORAGE_READ))
		return ordeal_refuse(fault, -EINVAL,
				     "disk: serves the effect corrupt in the direction read only; found %s, %s; give scsi",
				     effects[storage->effect], directions[storage->direction]);
	if (storage->first_sector > storage->last_sector)
		return ordeal_refuse(fault, -EINVAL, "first_sector: %llu is after last_sector, %llu",
				     storage->first_sector, storage->last_sector);
	if (storage->effect == STORAGE_READ_ONLY && storage->direction == STORAGE_READ)
		return ordeal_refuse(fault, -EINVAL,
				     "direction: read_only is about writes; found read, allowed are write and both");
	if (storage->effect != STORAGE_DELAY)
		return 0;
	if (storage->delay_us == 0)
		return ordeal_refuse(fault, -EINVAL, "delay_us: is not given; the effect delay needs it");
	if (storage->jitter_us > storage->delay_us)
		return ordeal_refuse(fault, -EINVAL, "jitter_us: %llu is more than delay_us, %llu", storage->jitter_us,
				     storage->delay_us);
	return 0;
}

static void forget_status(struct ordeal_storage *storage)
{
	storage->hooked = false;
	storage->unhooked = false;
	atomic64_set(&storage->bits_flipped, 0);
	atomic64_set(&storage->last_sector_touched, -1);
	atomic64_set(&storage->missed, 0);
	atomic64_set(&storage->error_handling_passed, 0);
	memset(&storage->hold.counts, 0, sizeof(storage->hold.counts));
	memset(&storage->cache, 0, sizeof(storage->cache));
	memset(&storage->recovery, 0, sizeof(storage->recovery));
}

static int find_target(struct ordeal_storage *storage)
{
	return storage->scsi.given ? storage_find_scsi(storage) : storage_open_disk(storage);
}

static void forget_target(struct ordeal_storage *storage)
{
	if (storage->scsi.given)
		storage_forget_scsi(storage);
	else
		storage_close_disk(storage);
}

static int start_corrupting(struct ordeal_storage *storage)
{
	int error = storage_cache_start(storage);

	if (error)
		return error;
	error = storage_trace_start();
	if (error) {
		storage_cache_drop(storage);
		return error;
	}
	storage_reads_start(storage);
	return 0;
}

static void stop_corrupting(struct ordeal_storage *storage)
{
	storage_reads_stop(storage);
	wait_event(storage->writes_done, atomic_read(&storage->writes_out) == 0);
	storage_trace_stop();
	storage_cache_drop(storage);
}

static int start_effect(struct ordeal_storage *storage)
{
	if (storage->effect == STORAGE_DELAY)
		return storage_hold_start(storage);
	if (storage->effect == STORAGE_CORRUPT)
		return start_corrupting(storage);
	return 0;
}

static void stop_effect(struct ordeal_storage *storage)
{
	if (storage->effect == STORAGE_DELAY)
		storage_hold_stop(storage);
	if (storage->effect == STORAGE_CORRUPT)
		stop_corrupting(storage);
}

static int arm(struct ordeal_fault *fault)
{
	struct ordeal_storage *storage = storage_of(fault);
	int error = refuse_combination(storage);

	if (error)
		return error;
	forget_status(storage);
	error = find_target(storage);
	if (error)
		return error;
	error = storage_recovery_start(storage);
	if (error)
		goto err_target;
	error = start_effect(storage);
	if (error)
		goto err_recovery;
	if (storage->scsi.given)
		error = storage_hook_host(storage);
	if (error)
		goto err_effect;
	storage->hooked = true;
	return 0;

err_effect:
	stop_effect(storage);
err_recovery:
	storage_recovery_finish(storage);
err_target:
	forget_target(storage);
	if (error == -ENOMEM)
		ordeal_refuse(fault, error, "arm: there is no memory for it");
	return error;
}

static void release(struct ordeal_fault *fault)
{
	struct ordeal_storage *storage = storage_of(fault);

	if (storage->effect == STORAGE_DELAY)
		storage_hold_drain(storage);
	if (storage->scsi.given)
		storage_unhook_host(storage);
	else
		storage->unhooked = true;
	stop_effect(storage);
	storage_recovery_finish(storage);
	forget_target(storage);
}

static void closed(struct ordeal_fault *fault)
{
	if (storage_of(fault)->effect == STORAGE_DELAY)
		storage_hold_closed(storage_of(fault));
}

static struct ordeal_kind storage_kind = {
	.name = "storage",
	.owner = THIS_MODULE,
	.attributes = { attributes },
	.make = make,
	.free = free_fault,
	.arm = arm,
	.release = release,
	.closed = closed,
	.show = storage_show_status,
};

static int __init storage_init(void)
{
	return ordeal_register_kind(&storage_kind);
}

static void __exit storage_exit(void)
{
	ordeal_unregister_kind(&storage_kind);
	storage_hosts_exit();
}

module_init(storage_init);
module_exit(storage_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Ordeal: faults of storage");
