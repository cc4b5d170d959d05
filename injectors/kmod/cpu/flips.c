// SPDX-License-Identifier: GPL-2.0-only
/* The record of the flips of a fault. */
#include <linux/configfs.h>
#include <linux/kernel.h>

#include "cpu.h"

#define MOST_FLIPS 1024
#define LONGEST_LINE 256

static int show(const void *entry, char *line, size_t size)
{
	const struct cpu_flip *flip = entry;

	return scnprintf(line, size, "%llu %llu %s 0x%016llx 0x%016llx %d %d 0x%llx %s\n", flip->ns, flip->index,
			 ordeal_register_name(flip->number), flip->old, flip->new, flip->process, flip->thread,
			 flip->address, flip->name);
}

void cpu_flips_make(struct cpu_fault *cpu)
{
	cpu->registers.flips = (struct ordeal_record){
		.most = MOST_FLIPS,
		.size = sizeof(struct cpu_flip),
		.longest = LONGEST_LINE,
		.show = show,
	};
}

static ssize_t cpu_flips_read(struct config_item *item, void *buffer, size_t size)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);

	return ordeal_record_read(fault, &cpu_of(fault)->registers.flips, buffer, size);
}
CONFIGFS_BIN_ATTR_RO(cpu_, flips, NULL, MOST_FLIPS * LONGEST_LINE);

struct configfs_bin_attribute *cpu_bin_attributes[] = { &cpu_attr_flips, NULL };
