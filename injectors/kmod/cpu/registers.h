/* SPDX-License-Identifier: GPL-2.0-only */
/* Bits that are flipped in registers: what is asked, and the record of each flip. */
#ifndef ORDEAL_CPU_REGISTERS_H
#define ORDEAL_CPU_REGISTERS_H

#include <linux/types.h>

#include "record.h"
#include "tasks/tasks.h"

struct cpu_fault;
struct configfs_attribute;
struct configfs_bin_attribute;

/* A register that can be chosen, and those of its bits that can. */
struct cpu_choice {
	unsigned int number;
	u64 bits;
};

struct cpu_flip {
	u64 ns, index, old, new, address;
	pid_t process, thread;
	char name[16];
	u8 number;			/* of the register */
};

struct cpu_registers {
	/* The attributes. */
	u32 chosen;			/* a bit a register */
	u64 bit_mask, bits;

	/* While armed. */
	struct cpu_choice choices[ORDEAL_REGISTERS_COUNT];
	unsigned int choice_count;

	/* Kept until it is armed anew. */
	struct ordeal_record flips;
};

/* registers.c */
int cpu_registers_start(struct cpu_fault *cpu);
void cpu_registers_stop(struct cpu_fault *cpu);
/* A trigger has met these registers of `current`: flips bits of them. From any context but NMI. */
bool cpu_registers_met(struct ordeal_fault *fault, struct pt_regs *regs, u64 index);

/* registers-text.c */
extern struct configfs_attribute *cpu_registers_attributes[];
int cpu_refuse_registers(struct cpu_fault *cpu);

/* flips.c */
void cpu_flips_make(struct cpu_fault *cpu);
extern struct configfs_bin_attribute *cpu_bin_attributes[];

#endif
