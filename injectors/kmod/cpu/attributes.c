// SPDX-License-Identifier: GPL-2.0-only
/* What can be written of a fault of processors, and which of it makes no sense together. */
#include <linux/cpu.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cpu.h"

static const char *const effects[] = { "hog", "off", "panic", "registers", NULL };
static const char *const classes[] = { "fifo", "fair", NULL };

ORDEAL_EFFECT_ATTRIBUTE(cpu_, cpu_fault, effects);
ORDEAL_U64_ATTRIBUTE(cpu_, cpu_fault, hog_percent, hog_percent, 1, 100);
ORDEAL_U64_ATTRIBUTE(cpu_, cpu_fault, hog_period_us, hog_period_us, 1000, 1000000);
ORDEAL_WORD_ATTRIBUTE(cpu_, cpu_fault, hog_class, hog_class, classes);
ORDEAL_U64_ATTRIBUTE(cpu_, cpu_fault, hog_priority, hog_priority, 1, 99);

static ssize_t cpu_cpus_show(struct config_item *item, char *page)
{
	return sprintf(page, "%*pbl\n", cpumask_pr_args(&cpu_of(ordeal_fault_of(item))->cpus));
}

static ssize_t cpu_cpus_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	int error = ordeal_begin_change(fault, "cpus");
	struct cpumask *written;
	char word[64];

	if (error)
		return error;
	written = kzalloc(sizeof(*written), GFP_KERNEL);
	if (!written) {
		error = ordeal_refuse(fault, -ENOMEM, "cpus: there is no memory for it");
	} else if (cpulist_parse(page, written)) {
		strscpy(word, page, sizeof(word));
		error = ordeal_refuse(fault, -EINVAL, "cpus: \"%s\" is not a list of processors like 0-3,5, below %u",
				      strim(word), nr_cpu_ids);
	} else {
		cpumask_copy(&cpu_of(fault)->cpus, written);
	}
	kfree(written);
	ordeal_end_change(fault);
	return error ? error : count;
}
CONFIGFS_ATTR(cpu_, cpus);

struct configfs_attribute *cpu_attributes[] = {
	&cpu_attr_effect,    &cpu_attr_cpus,	     &cpu_attr_hog_percent, &cpu_attr_hog_period_us,
	&cpu_attr_hog_class, &cpu_attr_hog_priority, NULL,
};

static int refuse_cpus(struct cpu_fault *cpu)
{
	unsigned int number;

	if (cpumask_empty(&cpu->cpus))
		return ordeal_refuse(&cpu->fault, -EINVAL, "cpus: is not given; a list of processors like 0-3,5");
	for_each_cpu(number, &cpu->cpus)
		if (!cpu_online(number))
			return ordeal_refuse(&cpu->fault, -ENODEV, "cpus: there is no processor %u that is on; those on are %*pbl",
					     number, cpumask_pr_args(cpu_online_mask));
	return 0;
}

static int refuse_hog(struct cpu_fault *cpu)
{
	if (cpu->hog_percent == 0)
		return ordeal_refuse(&cpu->fault, -EINVAL, "hog_percent: is not given; from 1 to 100 of each processor");
	if (cpumask_weight(&cpu->cpus) > CPU_MOST_HOGS)
		return ordeal_refuse(&cpu->fault, -EINVAL, "cpus: %u are more than %u, the most of one fault",
				     cpumask_weight(&cpu->cpus), CPU_MOST_HOGS);
#ifndef HAVE_SCHED_SETATTR_NOCHECK
	if (cpu->hog_class == CPU_FIFO && cpu->hog_priority != 1 && cpu->hog_priority != 50)
		return ordeal_refuse(&cpu->fault, -EINVAL,
				     "hog_priority: this kernel lets modules give the priorities 1 and 50 only; found %llu",
				     cpu->hog_priority);
#endif
	return 0;
}

static bool cannot_be_off(unsigned int number)
{
	struct device *device = get_cpu_device(number);

#ifdef HAVE_DEV_OFFLINE_DISABLED
	return !device || dev_offline_disabled(device);
#else
	return !device || device->offline_disabled;
#endif
}

static int refuse_off(struct cpu_fault *cpu)
{
	unsigned int number;

	if (cpumask_subset(cpu_online_mask, &cpu->cpus))
		return ordeal_refuse(&cpu->fault, -EINVAL, "cpus: one processor has to stay on, and %*pbl are all",
				     cpumask_pr_args(&cpu->cpus));
	for_each_cpu(number, &cpu->cpus)
		if (cannot_be_off(number))
			return ordeal_refuse(&cpu->fault, -EPERM, "cpus: this machine cannot take processor %u off", number);
	return 0;
}

/* With fault->lock held, before it is armed. */
int cpu_refuse_senseless(struct cpu_fault *cpu)
{
	int error;

	if (cpu->effect == CPU_NO_EFFECT)
		return ordeal_refuse(&cpu->fault, -EINVAL, "effect: is not given; one of: hog off panic registers");
	if (cpu->effect == CPU_PANIC)
		return cpu_refuse_panic(cpu);
	/* The triggers of registers are on all processors, unless told otherwise. */
	if (cpu->effect == CPU_REGISTERS && cpumask_empty(&cpu->cpus))
		return cpu_refuse_registers(cpu);
	error = refuse_cpus(cpu);
	if (error)
		return error;
	switch (cpu->effect) {
	case CPU_HOG:
		return refuse_hog(cpu);
	case CPU_OFF:
		return refuse_off(cpu);
	default:
		return cpu_refuse_registers(cpu);
	}
}
