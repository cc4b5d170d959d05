/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes that are changed in the memory of programs: where, how, and the record of each time. */
#ifndef ORDEAL_MEMORY_CORRUPT_H
#define ORDEAL_MEMORY_CORRUPT_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/types.h>

#include "record.h"

struct memory_fault;
struct mm_struct;
struct vm_area_struct;
struct configfs_attribute;
struct configfs_bin_attribute;

/* So many at once, so that each can be recorded. */
#define MEMORY_MOST_BYTES 256
#define MEMORY_MOST_BITS 64

/* Purposes of what is drawn; those below 16 are the core's. */
#define MEMORY_PURPOSE_REGISTER 16
#define MEMORY_PURPOSE_PLACE 1024
#define MEMORY_PURPOSE_BYTE 2048
#define MEMORY_PURPOSE_BIT 4096

enum memory_at { MEMORY_NOWHERE, MEMORY_AT_REGISTER, MEMORY_AT_ADDRESS, MEMORY_AT_RANDOM };
enum memory_change { MEMORY_RANDOM, MEMORY_FLIP, MEMORY_SET };
enum memory_mapping { MEMORY_ANON, MEMORY_HEAP, MEMORY_STACK, MEMORY_FILE, MEMORY_SHARED, MEMORY_MAPPINGS };

struct memory_corruption {
	u64 ns, index, address;
	pid_t process, thread;
	u32 bytes;
	u8 mapping;
	char name[16];
	u8 old[MEMORY_MOST_BYTES], new[MEMORY_MOST_BYTES];
};

struct memory_corrupt {
	/* The attributes. */
	int at, change;
	u32 registers;			/* a bit a register */
	u32 mappings;			/* a bit a kind of mapping */
	u64 address, bytes, bits, bit_mask, value;

	/* Of the status; kept until it is armed anew. */
	atomic64_t untouched;		/* was met, and had nothing that could be changed */
	struct ordeal_record corruptions;
};

/* corrupt.c */
void memory_corrupt_make(struct memory_fault *memory);
int memory_corrupt_start(struct memory_fault *memory);
void memory_corrupt_stop(struct memory_fault *memory);
/* Changes what is at the address, in a mapping of `current`, whose mappings are locked; false where nothing could be. */
bool memory_corrupt_at(struct memory_fault *memory, const struct vm_area_struct *mapping, unsigned long address,
		       u64 index);

/* place.c: finds a place for it in the mappings of `current`, which are locked, and has it changed; false where there is none. */
bool memory_corrupt_somewhere(struct memory_fault *memory, struct pt_regs *regs, u64 index);
enum memory_mapping memory_mapping_of(const struct vm_area_struct *mapping);

/* corrupt-text.c */
extern struct configfs_attribute *memory_corrupt_attributes[];
extern const char *const memory_mapping_words[];
int memory_refuse_corrupt(struct memory_fault *memory);

/* corruptions.c */
void memory_corruptions_make(struct memory_fault *memory);
extern struct configfs_bin_attribute *memory_bin_attributes[];

#endif
