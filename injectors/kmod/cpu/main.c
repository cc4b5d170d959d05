// SPDX-License-Identifier: GPL-2.0-only
/* The kind "cpu": what each effect does when its fault is armed, when its gate is opened, and when it is over. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "cpu.h"

#define DEFAULT_HOG_PERIOD_US 100000
/* What the kernel itself gives to threads that are to run before all programs. */
#define DEFAULT_HOG_PRIORITY 50

static struct ordeal_fault *make(void)
{
	struct cpu_fault *cpu = kzalloc(sizeof(*cpu), GFP_KERNEL);

	if (!cpu)
		return ERR_PTR(-ENOMEM);
	cpu->hog_period_us = DEFAULT_HOG_PERIOD_US;
	cpu->hog_priority = DEFAULT_HOG_PRIORITY;
	cpu->registers.chosen = ORDEAL_ALL_REGISTERS;
	cpu->registers.bit_mask = U64_MAX;
	cpu->registers.bits = 1;
	cpu_flips_make(cpu);
	ordeal_tasks_make(&cpu->fault, &cpu->tasks);
	cpu->tasks.trigger.cpus = &cpu->cpus;
	cpu->tasks.trigger.met = cpu_registers_met;
	cpu_off_make(cpu);
	return &cpu->fault;
}

static void free_fault(struct ordeal_fault *fault)
{
	cpu_hog_forget(cpu_of(fault));
	ordeal_record_forget(&cpu_of(fault)->registers.flips);
	kfree(cpu_of(fault));
}

static int arm(struct ordeal_fault *fault)
{
	struct cpu_fault *cpu = cpu_of(fault);
	int error = cpu_refuse_senseless(cpu);

	if (error)
		return error;
	cpu_hog_forget(cpu);
	switch (cpu->effect) {
	case CPU_HOG:
		return cpu_hog_start(cpu);
	case CPU_OFF:
		return cpu_off_start(cpu);
	case CPU_PANIC:
		return cpu_panic_start(cpu);
	case CPU_REGISTERS:
		return cpu_registers_start(cpu);
	}
	return -EINVAL;
}

static void opened(struct ordeal_fault *fault)
{
	struct cpu_fault *cpu = cpu_of(fault);

	switch (cpu->effect) {
	case CPU_HOG:
		return cpu_hog_opened(cpu);
	case CPU_OFF:
		return cpu_off_opened(cpu);
	case CPU_PANIC:
		return cpu_panic_opened(cpu);
	}
}

static void release(struct ordeal_fault *fault)
{
	struct cpu_fault *cpu = cpu_of(fault);

	switch (cpu->effect) {
	case CPU_HOG:
		return cpu_hog_stop(cpu);
	case CPU_OFF:
		return cpu_off_stop(cpu);
	case CPU_REGISTERS:
		return cpu_registers_stop(cpu);
	}
}

static struct ordeal_kind kind = {
	.name = "cpu",
	.owner = THIS_MODULE,
	.attributes = { cpu_attributes, cpu_panic_attributes, cpu_registers_attributes, ordeal_trigger_attributes,
			ordeal_scope_attributes },
	.bin_attributes = cpu_bin_attributes,
	.make = make,
	.free = free_fault,
	.arm = arm,
	.opened = opened,
	.release = release,
	.show = cpu_show_status,
};

static int __init cpu_faults_init(void)
{
	int error = cpu_off_init();

	if (error)
		return error;
	error = ordeal_register_kind(&kind);
	if (error)
		cpu_off_exit();
	return error;
}

static void __exit cpu_faults_exit(void)
{
	ordeal_unregister_kind(&kind);
	cpu_off_exit();
}

module_init(cpu_faults_init);
module_exit(cpu_faults_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Ordeal: faults of processors");
