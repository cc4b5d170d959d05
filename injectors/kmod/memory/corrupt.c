// SPDX-License-Identifier: GPL-2.0-only
/*
 * What becomes of the bytes at a place, in the memory of the task that was met. Nothing here waits, for a timer may have interrupted it: what is
 * not in memory just now, or cannot be written as it is, is left as it is.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "memory.h"

#define DEFAULT_BYTES 100

/* Each becomes another one. */
static void draw_bytes(struct memory_fault *memory, struct memory_corruption *found)
{
	u32 at;

	for (at = 0; at < found->bytes; at++)
		found->new[at] = found->old[at] ^
				 (1 + ordeal_random_below(&memory->fault, found->index, MEMORY_PURPOSE_BYTE + at, 255));
}

/* Flips the bit of those of `mask`, in all of the bytes, that are as they were, which has `below` others before it. */
static void flip_nth(struct memory_corruption *found, u8 mask, u64 below)
{
	u32 at, bit;

	for (at = 0; at < found->bytes; at++) {
		u8 left = mask & ~(found->old[at] ^ found->new[at]);

		if (below >= hweight8(left)) {
			below -= hweight8(left);
			continue;
		}
		for (bit = 0; bit < 8; bit++)
			if ((left & BIT(bit)) && below-- == 0)
				found->new[at] ^= BIT(bit);
		return;
	}
}

static void flip_bits(struct memory_fault *memory, struct memory_corruption *found)
{
	u8 mask = memory->corrupt.bit_mask;
	u64 all = (u64)found->bytes * hweight8(mask);
	u64 count;

	memcpy(found->new, found->old, found->bytes);
	for (count = 0; count < min(memory->corrupt.bits, all); count++)
		flip_nth(found, mask,
			 ordeal_random_below(&memory->fault, found->index, MEMORY_PURPOSE_BIT + count, all - count));
}

static void change(struct memory_fault *memory, struct memory_corruption *found)
{
	switch (memory->corrupt.change) {
	case MEMORY_RANDOM:
		return draw_bytes(memory, found);
	case MEMORY_FLIP:
		return flip_bits(memory, found);
	case MEMORY_SET:
		memset(found->new, memory->corrupt.value, found->bytes);
	}
}

static u32 to_end_of_page(unsigned long address)
{
	return PAGE_SIZE - offset_in_page(address);
}

/* As many as asked, or up to the end of the page where the next one is not in memory. */
static bool read_old(struct memory_corruption *found)
{
	const void __user *from = (const void __user *)found->address;

	if (copy_from_user_nofault(found->old, from, found->bytes) == 0)
		return true;
	if (found->bytes <= to_end_of_page(found->address))
		return false;
	found->bytes = to_end_of_page(found->address);
	return copy_from_user_nofault(found->old, from, found->bytes) == 0;
}

/* Page by page, so that it is known what was written where the next one cannot be. */
static bool write_new(struct memory_corruption *found)
{
	u32 first = min(found->bytes, to_end_of_page(found->address));
	void __user *to = (void __user *)found->address;

	if (copy_to_user_nofault(to, found->new, first))
		return false;
	if (found->bytes > first && copy_to_user_nofault(to + first, found->new + first, found->bytes - first))
		found->bytes = first;
	return true;
}

bool memory_corrupt_at(struct memory_fault *memory, const struct vm_area_struct *mapping, unsigned long address,
		       u64 index)
{
	struct memory_corruption found;

	found.index = index;
	found.address = address;
	found.bytes = min_t(u64, memory->corrupt.bytes, mapping->vm_end - address);
	if (!read_old(&found))
		return false;
	change(memory, &found);
	if (!write_new(&found))
		return false;
	found.ns = ordeal_now_ns();
	found.mapping = memory_mapping_of(mapping);
	found.process = task_tgid_nr(current);
	found.thread = task_pid_nr(current);
	strscpy(found.name, current->comm, sizeof(found.name));
	ordeal_count_effect(&memory->fault);
	ordeal_record_add(&memory->corrupt.corruptions, &found);
	return true;
}

static bool met(struct ordeal_fault *fault, struct pt_regs *regs, u64 index)
{
	struct memory_fault *memory = memory_of(fault);
	struct mm_struct *mm = current->mm;
	bool done = false;

	if (mm && mmap_read_trylock(mm)) {
		done = memory_corrupt_somewhere(memory, regs, index);
		mmap_read_unlock(mm);
	}
	if (!done)
		atomic64_inc(&memory->corrupt.untouched);
	return done;
}

void memory_corrupt_make(struct memory_fault *memory)
{
	struct memory_corrupt *own = &memory->corrupt;

	own->registers = ORDEAL_ALL_REGISTERS;
	/* What is shared may be a file, and then it would be on the disk. */
	own->mappings = BIT(MEMORY_MAPPINGS) - 1 - BIT(MEMORY_SHARED);
	own->bytes = DEFAULT_BYTES;
	own->bits = 1;
	own->bit_mask = U8_MAX;
	memory->tasks.trigger.met = met;
	memory_corruptions_make(memory);
}

int memory_corrupt_start(struct memory_fault *memory)
{
	int error;

	atomic64_set(&memory->corrupt.untouched, 0);
	error = ordeal_record_start(&memory->fault, &memory->corrupt.corruptions);
	if (!error)
		error = ordeal_scope_find(&memory->fault);
	if (error)
		return error;
	error = ordeal_trigger_start(&memory->fault);
	if (error)
		ordeal_scope_forget(&memory->fault);
	return error;
}

void memory_corrupt_stop(struct memory_fault *memory)
{
	ordeal_trigger_stop(&memory->fault);
	ordeal_scope_forget(&memory->fault);
}
