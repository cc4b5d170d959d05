/* SPDX-License-Identifier: GPL-2.0-only */
/* What a fault has done, one line each: the first ones are kept, so that a replay can be held against them. */
#ifndef ORDEAL_RECORD_H
#define ORDEAL_RECORD_H

#include <linux/atomic.h>

#include "ordeal.h"

struct ordeal_record {
	/* Of who makes the fault. */
	unsigned int most;		/* the first so many are kept */
	size_t size;			/* of an entry */
	size_t longest;			/* of a line of it */
	int (*show)(const void *entry, char *line, size_t size);

	/* Kept until it is armed anew. */
	void *entries;
	bool *written;			/* whole, by entry */
	atomic_t count;
};

/* With fault->lock held. */
int ordeal_record_start(struct ordeal_fault *fault, struct ordeal_record *record);
void ordeal_record_forget(struct ordeal_record *record);
/* From any context but NMI. */
void ordeal_record_add(struct ordeal_record *record, const void *entry);
/* How many were not kept. */
u64 ordeal_record_lost(const struct ordeal_record *record);
/* For a binary attribute of the fault. */
ssize_t ordeal_record_read(struct ordeal_fault *fault, struct ordeal_record *record, void *buffer, size_t size);

#endif
