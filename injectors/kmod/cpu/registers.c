// SPDX-License-Identifier: GPL-2.0-only
/* Which register and which of its bits a flip is about: all of it follows from the seed and the number of the trigger. */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/stddef.h>

#include "cpu.h"

/* Purposes of what is drawn; those below 16 are the core's. */
#define PURPOSE_REGISTER 16
#define PURPOSE_BIT 32

/* Carry, parity, adjust, zero, sign, overflow: never what the kernel lives by, as IF and IOPL. */
#define ARITHMETIC_FLAGS 0x8d5ULL

static const struct {
	const char *name;
	unsigned int at;
	u64 bits;
} registers[CPU_REGISTERS_COUNT] = {
#define GENERAL(_name) { #_name, offsetof(struct pt_regs, _name), U64_MAX }
	GENERAL(ax), GENERAL(bx), GENERAL(cx), GENERAL(dx), GENERAL(si), GENERAL(di), GENERAL(bp),
	GENERAL(r8), GENERAL(r9), GENERAL(r10), GENERAL(r11), GENERAL(r12), GENERAL(r13), GENERAL(r14), GENERAL(r15),
	GENERAL(ip), GENERAL(sp),
	{ "flags", offsetof(struct pt_regs, flags), ARITHMETIC_FLAGS },
};

const char *cpu_register_name(unsigned int number)
{
	return number < CPU_REGISTERS_COUNT ? registers[number].name : NULL;
}

/* Some would not take effect: the single step after a breakpoint overwrites ip, the way back from a probe of the kernel keeps sp. */
static bool reaches(const struct cpu_registers *own, unsigned int number)
{
	if (own->trigger == CPU_ADDRESS)
		return registers[number].at != offsetof(struct pt_regs, ip);
	if (own->trigger == CPU_FUNCTION && own->context == CPU_KERNEL)
		return registers[number].at != offsetof(struct pt_regs, sp);
	return true;
}

static int find_choices(struct cpu_fault *cpu)
{
	struct cpu_registers *own = &cpu->registers;
	unsigned int number;

	own->choice_count = 0;
	for (number = 0; number < CPU_REGISTERS_COUNT; number++) {
		u64 bits = registers[number].bits & own->bit_mask;

		if (!(own->chosen & BIT(number)) || hweight64(bits) < own->bits || !reaches(own, number))
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

/* At the entry of a system call ax was put aside: it is its number. */
static unsigned long *place_of(struct cpu_fault *cpu, struct pt_regs *regs, unsigned int at)
{
	if (cpu->registers.trigger == CPU_SYSCALL && at == offsetof(struct pt_regs, ax))
		return &regs->orig_ax;
	return (unsigned long *)((char *)regs + at);
}

static void flip(struct cpu_fault *cpu, struct pt_regs *regs, u64 index)
{
	struct cpu_registers *own = &cpu->registers;
	const struct cpu_choice *choice =
		&own->choices[ordeal_random_below(&cpu->fault, index, PURPOSE_REGISTER, own->choice_count)];
	unsigned long *place = place_of(cpu, regs, registers[choice->number].at);
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
	ordeal_count_effect(&cpu->fault);
	cpu_flips_add(cpu, &flip);
}

void cpu_registers_met(struct cpu_fault *cpu, struct pt_regs *regs)
{
	u64 index;

	if (!ordeal_is_open(&cpu->fault) || user_mode(regs) != (cpu->registers.context == CPU_USER) ||
	    !cpu_scope_has_current(cpu))
		return;
	if (!ordeal_choose(&cpu->fault, &index))
		return;
	if (cpu->registers.times && atomic64_inc_return(&cpu->registers.turns) > cpu->registers.times)
		return;
	flip(cpu, regs, index);
}

int cpu_registers_start(struct cpu_fault *cpu)
{
	int error = find_choices(cpu);

	if (error)
		return error;
	atomic64_set(&cpu->registers.turns, 0);
	error = cpu_flips_start(cpu);
	if (error)
		return error;
	error = cpu_scope_find(cpu);
	if (error)
		return error;
	error = cpu_trigger_start(cpu);
	if (error)
		cpu_scope_forget(cpu);
	return error;
}

void cpu_registers_stop(struct cpu_fault *cpu)
{
	cpu_trigger_stop(cpu);
	cpu_scope_forget(cpu);
}
