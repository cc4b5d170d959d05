// SPDX-License-Identifier: GPL-2.0-only
/* The record of the flips of a fault, one line each; the first ones are kept, so that a replay can be held against it. */
#include <linux/configfs.h>
#include <linux/kernel.h>
#include <linux/vmalloc.h>

#include "cpu.h"

#define LONGEST_LINE 256

int cpu_flips_start(struct cpu_fault *cpu)
{
	cpu_flips_forget(cpu);
	atomic_set(&cpu->registers.flip_count, 0);
	atomic64_set(&cpu->registers.spared, 0);
	cpu->registers.flips = vzalloc(array_size(CPU_MOST_FLIPS, sizeof(*cpu->registers.flips)));
	return cpu->registers.flips ? 0 : ordeal_refuse(&cpu->fault, -ENOMEM, "arm: there is no memory for it");
}

void cpu_flips_forget(struct cpu_fault *cpu)
{
	vfree(cpu->registers.flips);
	cpu->registers.flips = NULL;
}

void cpu_flips_add(struct cpu_fault *cpu, const struct cpu_flip *flip)
{
	unsigned int at = atomic_inc_return(&cpu->registers.flip_count) - 1;

	if (at >= CPU_MOST_FLIPS)
		return;
	cpu->registers.flips[at] = *flip;
	smp_store_release(&cpu->registers.flips[at].done, true);
}

static unsigned int kept(const struct cpu_fault *cpu)
{
	return min(atomic_read(&cpu->registers.flip_count), CPU_MOST_FLIPS);
}

u64 cpu_flips_lost(const struct cpu_fault *cpu)
{
	return atomic_read(&cpu->registers.flip_count) - kept(cpu);
}

static int show(const struct cpu_flip *flip, char line[LONGEST_LINE])
{
	return scnprintf(line, LONGEST_LINE, "%llu %llu %s 0x%016llx 0x%016llx %d %d 0x%llx %s\n", flip->ns, flip->index,
			 cpu_register_name(flip->number), flip->old, flip->new, flip->process, flip->thread, flip->address,
			 flip->name);
}

/*
 * Asked first without a buffer, for how large that has to be; all of it is then the reader's. What is counted is what is filled in: whole
 * lines up to the first flip that is not recorded yet, and those never change.
 */
static ssize_t cpu_flips_read(struct config_item *item, void *buffer, size_t size)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	struct cpu_fault *cpu = cpu_of(fault);
	unsigned int index;
	size_t at = 0;

	mutex_lock(&fault->lock);
	for (index = 0; cpu->registers.flips && index < kept(cpu); index++) {
		char line[LONGEST_LINE];
		size_t length;

		if (!smp_load_acquire(&cpu->registers.flips[index].done))
			break;
		length = show(&cpu->registers.flips[index], line);
		if (buffer && length > size - at)
			break;
		if (buffer)
			memcpy(buffer + at, line, length);
		at += length;
	}
	mutex_unlock(&fault->lock);
	return at;
}
CONFIGFS_BIN_ATTR_RO(cpu_, flips, NULL, CPU_MOST_FLIPS * LONGEST_LINE);

struct configfs_bin_attribute *cpu_bin_attributes[] = { &cpu_attr_flips, NULL };
