// SPDX-License-Identifier: GPL-2.0-only
/* eh_timed_out of a host template answers in words of its own, not of the block layer. */
#include <linux/module.h>
#include <scsi/scsi_host.h>

enum scsi_timeout_action probe = SCSI_EH_NOT_HANDLED;
MODULE_LICENSE("GPL");
