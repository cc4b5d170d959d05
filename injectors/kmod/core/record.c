// SPDX-License-Identifier: GPL-2.0-only
/* The record of what a fault has done. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "record.h"

int ordeal_record_start(struct ordeal_fault *fault, struct ordeal_record *record)
{
	ordeal_record_forget(record);
	atomic_set(&record->count, 0);
	record->entries = vzalloc(array_size(record->most, record->size));
	record->written = vzalloc(array_size(record->most, sizeof(*record->written)));
	if (record->entries && record->written)
		return 0;
	ordeal_record_forget(record);
	return ordeal_refuse(fault, -ENOMEM, "arm: there is no memory for it");
}
EXPORT_SYMBOL_GPL(ordeal_record_start);

void ordeal_record_forget(struct ordeal_record *record)
{
	vfree(record->entries);
	vfree(record->written);
	record->entries = NULL;
	record->written = NULL;
}
EXPORT_SYMBOL_GPL(ordeal_record_forget);

void ordeal_record_add(struct ordeal_record *record, const void *entry)
{
	unsigned int at = atomic_inc_return(&record->count) - 1;

	if (at >= record->most)
		return;
	memcpy(record->entries + at * record->size, entry, record->size);
	smp_store_release(&record->written[at], true);
}
EXPORT_SYMBOL_GPL(ordeal_record_add);

static unsigned int kept(const struct ordeal_record *record)
{
	return min_t(unsigned int, atomic_read(&record->count), record->most);
}

u64 ordeal_record_lost(const struct ordeal_record *record)
{
	return atomic_read(&record->count) - kept(record);
}
EXPORT_SYMBOL_GPL(ordeal_record_lost);

/* Whole lines up to the first entry that is not written yet; those never change. */
static size_t show_lines(const struct ordeal_record *record, char *line, void *buffer, size_t size)
{
	unsigned int index;
	size_t at = 0;

	for (index = 0; record->entries && index < kept(record); index++) {
		size_t length;

		if (!smp_load_acquire(&record->written[index]))
			break;
		length = record->show(record->entries + index * record->size, line, record->longest);
		if (buffer && length > size - at)
			break;
		if (buffer)
			memcpy(buffer + at, line, length);
		at += length;
	}
	return at;
}

/* Asked first without a buffer, for how large that has to be; all of it is then the reader's. */
ssize_t ordeal_record_read(struct ordeal_fault *fault, struct ordeal_record *record, void *buffer, size_t size)
{
	char *line = kmalloc(record->longest, GFP_KERNEL);
	size_t length;

	if (!line)
		return -ENOMEM;
	mutex_lock(&fault->lock);
	length = show_lines(record, line, buffer, size);
	mutex_unlock(&fault->lock);
	kfree(line);
	return length;
}
EXPORT_SYMBOL_GPL(ordeal_record_read);
