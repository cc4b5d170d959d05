// SPDX-License-Identifier: GPL-2.0-only
/* scsi_rescan_device() takes the device within the SCSI device. */
#include <linux/build_bug.h>
#include <linux/module.h>
#include <scsi/scsi_device.h>
#include <scsi/scsi_host.h>

static_assert(__builtin_types_compatible_p(typeof(scsi_rescan_device), void(struct device *)));
MODULE_LICENSE("GPL");
