// SPDX-License-Identifier: GPL-2.0-only
/* Which register and which of its bits a flip is about: all of it follows from the seed and the number of the trigger. */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "cpu.h"

/* Purposes of what is drawn; those below 16 are the core's. */
#define PURPOSE_REGISTER 16
#define PURPOSE_BIT 32

/* Carry, parity, adjust, zero, sign, overflow: never what the kernel lives by, as IF and IOPL. */
#define ARITHMETIC_FLAGS 0x8d5ULL

static bool is_register(unsigned int number, const char *name)
{
	return strcmp(ordeal_register_name(number), name) == 0;
}

/* Some would not take effect: the single step after a breakpoint overwrites ip, the way back from a probe of the kernel keeps sp. */
static bool reaches(const struct ordeal_trigger *trigger, unsigned int number)
{
	if (trigger->kind == ORDEAL_ADDRESS)
		return !is_register(number, "ip");
	if (trigger->kind == ORDEAL_FUNCTION && trigger->context == ORDEAL_KERNEL)
		return !is_register(number, "sp");
	return true;
}

static int find_choices(struct cpu_fault *cpu)
{
	struct cpu_registers *own = &cpu->registers;
	unsigned int number;

	own->choice_count = 0;
	for (number = 0; number < ORDEAL_REGISTERS_COUNT; number++) {
		u64 bits = (is_register(number, "flags") ? ARITHMETIC_FLAGS : U64_MAX) & own->bit_mask;

		if (!(own->chosen & BIT(number)) || hweight64(bits) < own->bits || !reaches(&cpu->tasks.trigger, number))
			continue;
		own->choices[own->choice_count].number = number;
		own->choices[own->choice_count++].bits = bits;
	}
	if (own->choice_count == 0)
		return ordeal_refuse(&cpu->fault, -EINVAL,
				     "registers: none of those chosen has %llu bits of bit_mask, 0x%llx, that this trigger reaches",
				     own->bits, own->bit_mask);
	return 0;
}

/* The bit of `bits` that has `below` others below it. */
static u64 nth_bit(u64 bits, u64 below)
{
	while (below--)
		bits &= bits - 1;
	return bits & -bits;
}

static u64 draw_bits(struct cpu_fault *cpu, u64 index, u64 bits)
{
	u64 drawn = 0;
	u32 count;

	for (count = 0; count < cpu->registers.bits; count++) {
		u64 below = ordeal_random_below(&cpu->fault, index, PURPOSE_BIT + count, hweight64(bits & ~drawn));

		drawn |= nth_bit(bits & ~drawn, below);
	}
	return drawn;
}

bool cpu_registers_met(struct ordeal_fault *fault, struct pt_regs *regs, u64 index)
{
	struct cpu_fault *cpu = cpu_of(fault);
	struct cpu_registers *own = &cpu->registers;
	const struct cpu_choice *choice =
		&own->choices[ordeal_random_below(fault, index, PURPOSE_REGISTER, own->choice_count)];
	unsigned long *place = ordeal_register_of(fault, regs, choice->number);
	struct cpu_flip flip = {
		.ns = ordeal_now_ns(),
		.index = index,
		.number = choice->number,
		.old = *place,
		.address = regs->ip,
		.process = task_tgid_nr(current),
		.thread = task_pid_nr(current),
	};

	flip.new = flip.old ^ draw_bits(cpu, index, choice->bits);
	*place = flip.new;
	strscpy(flip.name, current->comm, sizeof(flip.name));
	ordeal_count_effect(fault);
	ordeal_record_add(&own->flips, &flip);
	return true;
}

int cpu_registers_start(struct cpu_fault *cpu)
{
	int error = find_choices(cpu);

	if (!error)
		error = ordeal_record_start(&cpu->fault, &cpu->registers.flips);
	if (!error)
		error = ordeal_scope_find(&cpu->fault);
	if (error)
		return error;
	error = ordeal_trigger_start(&cpu->fault);
	if (error)
		ordeal_scope_forget(&cpu->fault);
	return error;
}

void cpu_registers_stop(struct cpu_fault *cpu)
{
	ordeal_trigger_stop(&cpu->fault);
	ordeal_scope_forget(&cpu->fault);
}
