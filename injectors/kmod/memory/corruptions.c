// SPDX-License-Identifier: GPL-2.0-only
/* The record of what a fault has changed. */
#include <linux/configfs.h>
#include <linux/kernel.h>

#include "memory.h"

#define MOST_CORRUPTIONS 1024
/* Two digits a byte, twice, and the numbers beside them. */
#define LONGEST_LINE (4 * MEMORY_MOST_BYTES + 256)

static int show_bytes(const u8 *bytes, u32 count, char *line, size_t size)
{
	u32 at;
	int end = 0;

	for (at = 0; at < count; at++)
		end += scnprintf(line + end, size - end, "%02x", bytes[at]);
	return end;
}

static int show(const void *entry, char *line, size_t size)
{
	const struct memory_corruption *found = entry;
	int at = scnprintf(line, size, "%llu %llu %s 0x%llx ", found->ns, found->index,
			   memory_mapping_words[found->mapping], found->address);

	at += show_bytes(found->old, found->bytes, line + at, size - at);
	at += scnprintf(line + at, size - at, " ");
	at += show_bytes(found->new, found->bytes, line + at, size - at);
	return at + scnprintf(line + at, size - at, " %d %d %s\n", found->process, found->thread, found->name);
}

void memory_corruptions_make(struct memory_fault *memory)
{
	memory->corrupt.corruptions = (struct ordeal_record){
		.most = MOST_CORRUPTIONS,
		.size = sizeof(struct memory_corruption),
		.longest = LONGEST_LINE,
		.show = show,
	};
}

static ssize_t memory_corruptions_read(struct config_item *item, void *buffer, size_t size)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);

	return ordeal_record_read(fault, &memory_of(fault)->corrupt.corruptions, buffer, size);
}
CONFIGFS_BIN_ATTR_RO(memory_, corruptions, NULL, MOST_CORRUPTIONS * LONGEST_LINE);

struct configfs_bin_attribute *memory_bin_attributes[] = { &memory_attr_corruptions, NULL };
