// SPDX-License-Identifier: GPL-2.0-only
/* A block device is opened as a file; before, blkdev_get_by_dev() opened it. */
#include <linux/blkdev.h>
#include <linux/module.h>

struct file *probe(dev_t number);
struct file *probe(dev_t number)
{
	return bdev_file_open_by_dev(number, BLK_OPEN_READ, NULL, NULL);
}
MODULE_LICENSE("GPL");
