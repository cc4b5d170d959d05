// SPDX-License-Identifier: GPL-2.0-only
/* A disk of any block driver by its number: kept open while a fault is armed, and watched for its removal. */
#include <linux/blkdev.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/string.h>

#include "storage.h"

int storage_parse_disk(struct ordeal_storage *storage, const char *text)
{
	unsigned int major, minor;
	char word[32], more[2];

	strscpy(word, skip_spaces(text), sizeof(word));
	strim(word);
	if (word[0] == '\0') {
		storage->disk.number = 0;
		return 0;
	}
	/* "%u" takes a sign, too. */
	if (sscanf(word, "%u:%u%1s", &major, &minor, more) != 2 || word[strspn(word, "0123456789:")] != '\0' ||
	    major == 0 || major > MAJOR(~(dev_t)0) || minor > MINORMASK)
		return ordeal_refuse(&storage->fault, -EINVAL, "disk: \"%s\" is not major:minor of a disk", word);
	storage->disk.number = MKDEV(major, minor);
	return 0;
}

#ifdef HAVE_BDEV_FILE_OPEN_BY_DEV
static struct block_device *open_disk(struct storage_disk *disk)
{
	disk->file = bdev_file_open_by_dev(disk->number, BLK_OPEN_READ, NULL, NULL);
	return IS_ERR(disk->file) ? ERR_CAST(disk->file) : file_bdev(disk->file);
}

static void close_disk(struct storage_disk *disk)
{
	fput(disk->file);
}
#else
static struct block_device *open_disk(struct storage_disk *disk)
{
	disk->bdev = blkdev_get_by_dev(disk->number, FMODE_READ, NULL);
	return disk->bdev;
}

static void close_disk(struct storage_disk *disk)
{
	blkdev_put(disk->bdev, FMODE_READ);
}
#endif

/* No notifier tells of the end of a disk of any driver. */
static int on_removal(struct kprobe *probe, struct pt_regs *registers)
{
	struct ordeal_storage *storage = container_of(probe, struct ordeal_storage, disk.removal);

	if ((struct gendisk *)regs_get_kernel_argument(registers, 0) == storage->disk.gendisk)
		ordeal_end(&storage->fault, "the disk was removed");
	return 0;
}

static int refuse_disk(struct ordeal_storage *storage)
{
	struct storage_disk *disk = &storage->disk;
	dev_t whole = disk_devt(disk->gendisk);

	if (whole != disk->number)
		return ordeal_refuse(&storage->fault, -EINVAL,
				     "disk: %u:%u is a partition of %u:%u; give the disk and a range of sectors",
				     MAJOR(disk->number), MINOR(disk->number), MAJOR(whole), MINOR(whole));
	if (!queue_is_mq(disk->queue))
		return ordeal_refuse(&storage->fault, -EINVAL,
				     "disk: %u:%u has no requests of its own; give the disk below it", MAJOR(whole),
				     MINOR(whole));
	return 0;
}

int storage_open_disk(struct ordeal_storage *storage)
{
	struct storage_disk *disk = &storage->disk;
	struct block_device *bdev = open_disk(disk);
	int error;

	if (IS_ERR(bdev))
		return ordeal_refuse(&storage->fault, -ENODEV, "disk: %u:%u cannot be opened, error %ld",
				     MAJOR(disk->number), MINOR(disk->number), -PTR_ERR(bdev));
	disk->gendisk = bdev->bd_disk;
	disk->queue = bdev->bd_disk->queue;
	error = refuse_disk(storage);
	if (error)
		goto err_disk;
	disk->removal = (struct kprobe){ .symbol_name = "del_gendisk", .pre_handler = on_removal };
	error = register_kprobe(&disk->removal);
	if (!error)
		return 0;
	ordeal_refuse(&storage->fault, error, "disk: its removal cannot be watched (kprobe on del_gendisk), error %d",
		      -error);
err_disk:
	close_disk(disk);
	return error;
}

void storage_close_disk(struct ordeal_storage *storage)
{
	unregister_kprobe(&storage->disk.removal);
	close_disk(&storage->disk);
}
