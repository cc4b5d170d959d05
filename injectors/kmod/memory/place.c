// SPDX-License-Identifier: GPL-2.0-only
/* Where in the memory of a task bytes are changed: by the seed, the number of the trigger, and how its memory is mapped. */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "memory.h"

/* Of an address that is drawn there may be nothing in memory just now: then another one is drawn. */
#define DRAWS 64

enum memory_mapping memory_mapping_of(const struct vm_area_struct *mapping)
{
	const struct mm_struct *mm = mapping->vm_mm;

	if (mapping->vm_flags & (VM_SHARED | VM_MAYSHARE))
		return MEMORY_SHARED;
	if (mapping->vm_file)
		return MEMORY_FILE;
	if (mapping->vm_start <= mm->start_stack && mm->start_stack < mapping->vm_end)
		return MEMORY_STACK;
	if (mapping->vm_start < mm->brk && mm->start_brk < mapping->vm_end)
		return MEMORY_HEAP;
	return MEMORY_ANON;
}

static bool is_meant(const struct memory_fault *memory, const struct vm_area_struct *mapping)
{
	/* Devices have other ideas of what a write is. */
	if (!(mapping->vm_flags & VM_WRITE) || (mapping->vm_flags & (VM_IO | VM_PFNMAP)))
		return false;
	return memory->corrupt.mappings & BIT(memory_mapping_of(mapping));
}

static bool corrupt_address(struct memory_fault *memory, unsigned long address, u64 index)
{
	const struct vm_area_struct *mapping = find_vma(current->mm, address);

	return mapping && mapping->vm_start <= address && is_meant(memory, mapping) &&
	       memory_corrupt_at(memory, mapping, address, index);
}

/* From a register that is drawn on, the first that holds an address which will do. */
static bool corrupt_held(struct memory_fault *memory, struct pt_regs *regs, u64 index)
{
	u32 drawn = ordeal_random_below(&memory->fault, index, MEMORY_PURPOSE_REGISTER, ORDEAL_REGISTERS_COUNT);
	u32 count;

	for (count = 0; count < ORDEAL_REGISTERS_COUNT; count++) {
		u32 number = (drawn + count) % ORDEAL_REGISTERS_COUNT;

		if ((memory->corrupt.registers & BIT(number)) &&
		    corrupt_address(memory, *ordeal_register_of(&memory->fault, regs, number), index))
			return true;
	}
	return false;
}

/* The next one that is meant, at or above the address. */
static const struct vm_area_struct *next_meant(const struct memory_fault *memory, unsigned long address)
{
	const struct vm_area_struct *mapping;

	for (mapping = find_vma(current->mm, address); mapping; mapping = find_vma(current->mm, mapping->vm_end))
		if (is_meant(memory, mapping))
			return mapping;
	return NULL;
}

/* The address that has `below` bytes of such mappings below it. */
static bool corrupt_nth(struct memory_fault *memory, u64 below, u64 index)
{
	const struct vm_area_struct *mapping = next_meant(memory, 0);

	while (mapping && below >= mapping->vm_end - mapping->vm_start) {
		below -= mapping->vm_end - mapping->vm_start;
		mapping = next_meant(memory, mapping->vm_end);
	}
	return mapping && memory_corrupt_at(memory, mapping, mapping->vm_start + below, index);
}

static bool corrupt_drawn(struct memory_fault *memory, u64 index)
{
	const struct vm_area_struct *mapping;
	u64 all = 0;
	u32 draw;

	for (mapping = next_meant(memory, 0); mapping; mapping = next_meant(memory, mapping->vm_end))
		all += mapping->vm_end - mapping->vm_start;
	for (draw = 0; all && draw < DRAWS; draw++)
		if (corrupt_nth(memory, ordeal_random_below(&memory->fault, index, MEMORY_PURPOSE_PLACE + draw, all),
				index))
			return true;
	return false;
}

bool memory_corrupt_somewhere(struct memory_fault *memory, struct pt_regs *regs, u64 index)
{
	switch (memory->corrupt.at) {
	case MEMORY_AT_REGISTER:
		return corrupt_held(memory, regs, index);
	case MEMORY_AT_ADDRESS:
		return corrupt_address(memory, memory->corrupt.address, index);
	case MEMORY_AT_RANDOM:
		return corrupt_drawn(memory, index);
	}
	return false;
}
