// SPDX-License-Identifier: GPL-2.0-only
/* The kind "memory": what each effect does when its fault is armed, when its gate is opened, and when it is over. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "memory.h"

static struct ordeal_fault *make(void)
{
	struct memory_fault *memory = kzalloc(sizeof(*memory), GFP_KERNEL);

	if (!memory)
		return ERR_PTR(-ENOMEM);
	ordeal_tasks_make(&memory->fault, &memory->tasks);
	memory_corrupt_make(memory);
	return &memory->fault;
}

static void free_fault(struct ordeal_fault *fault)
{
	ordeal_record_forget(&memory_of(fault)->corrupt.corruptions);
	kfree(memory_of(fault));
}

static int arm(struct ordeal_fault *fault)
{
	struct memory_fault *memory = memory_of(fault);
	int error = memory_refuse_senseless(memory);

	if (error)
		return error;
	switch (memory->effect) {
	case MEMORY_HOG:
		return memory_hog_start(memory);
	case MEMORY_ENOMEM:
		return memory_enomem_start(memory);
	case MEMORY_CORRUPT:
		return memory_corrupt_start(memory);
	}
	return -EINVAL;
}

static void opened(struct ordeal_fault *fault)
{
	struct memory_fault *memory = memory_of(fault);

	if (memory->effect == MEMORY_HOG)
		memory_hog_opened(memory);
}

static void release(struct ordeal_fault *fault)
{
	struct memory_fault *memory = memory_of(fault);

	switch (memory->effect) {
	case MEMORY_HOG:
		return memory_hog_stop(memory);
	case MEMORY_ENOMEM:
		return memory_enomem_stop(memory);
	case MEMORY_CORRUPT:
		return memory_corrupt_stop(memory);
	}
}

static struct ordeal_kind kind = {
	.name = "memory",
	.owner = THIS_MODULE,
	.attributes = { memory_attributes, memory_corrupt_attributes, ordeal_trigger_attributes, ordeal_scope_attributes },
	.bin_attributes = memory_bin_attributes,
	.make = make,
	.free = free_fault,
	.arm = arm,
	.opened = opened,
	.release = release,
	.show = memory_show_status,
};

static int __init memory_faults_init(void)
{
	return ordeal_register_kind(&kind);
}

static void __exit memory_faults_exit(void)
{
	ordeal_unregister_kind(&kind);
}

module_init(memory_faults_init);
module_exit(memory_faults_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Ordeal: faults of memory");
