// SPDX-License-Identifier: GPL-2.0-only
/* What was a field of the device is asked for by a function. */
#include <linux/device.h>
#include <linux/module.h>

bool probe(struct device *device);
bool probe(struct device *device)
{
	return dev_offline_disabled(device);
}
MODULE_LICENSE("GPL");
