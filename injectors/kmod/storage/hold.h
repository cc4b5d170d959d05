/* SPDX-License-Identifier: GPL-2.0-only */
/* A command that is held back: between hold.c, which holds it, and abort.c, which answers error handling about it. */
#ifndef ORDEAL_STORAGE_HOLD_H
#define ORDEAL_STORAGE_HOLD_H

#include "storage.h"

struct storage_held {
	struct timerqueue_node due;	/* in hold->queue */
	struct list_head list;		/* in hold->unused or hold->dropped */
	struct scsi_cmnd *cmd;
	ktime_t taken;
	ktime_t asked;			/* due by what was asked; due.expires is later where the driver was busy then */
	bool for_recovery;		/* sent by error handling itself */
};

#endif
