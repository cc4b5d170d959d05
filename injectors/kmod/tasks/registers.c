// SPDX-License-Identifier: GPL-2.0-only
/* The registers of a task, by their names, and where they are when a trigger has met them. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/stddef.h>
#include <linux/string.h>

#include "tasks.h"

static const struct {
	const char *name;
	unsigned int at;
} registers[ORDEAL_REGISTERS_COUNT] = {
#define REGISTER(_name) { #_name, offsetof(struct pt_regs, _name) }
	REGISTER(ax),  REGISTER(bx),  REGISTER(cx),  REGISTER(dx),  REGISTER(si),  REGISTER(di),
	REGISTER(bp),  REGISTER(r8),  REGISTER(r9),  REGISTER(r10), REGISTER(r11), REGISTER(r12),
	REGISTER(r13), REGISTER(r14), REGISTER(r15), REGISTER(ip),  REGISTER(sp),  REGISTER(flags),
};

const char *ordeal_register_name(unsigned int number)
{
	return number < ORDEAL_REGISTERS_COUNT ? registers[number].name : NULL;
}
EXPORT_SYMBOL_GPL(ordeal_register_name);

/* At the entry of a system call ax was put aside: it is its number. */
unsigned long *ordeal_register_of(struct ordeal_fault *fault, struct pt_regs *regs, unsigned int number)
{
	if (fault->tasks->trigger.kind == ORDEAL_SYSCALL && registers[number].at == offsetof(struct pt_regs, ax))
		return &regs->orig_ax;
	return (unsigned long *)((char *)regs + registers[number].at);
}
EXPORT_SYMBOL_GPL(ordeal_register_of);

static int find_register(const char *name)
{
	int number;

	for (number = 0; number < ORDEAL_REGISTERS_COUNT; number++)
		if (strcmp(registers[number].name, name) == 0)
			return number;
	return -1;
}

int ordeal_parse_registers(struct ordeal_fault *fault, const char *text, u32 *chosen)
{
	char words[128], *rest, *word;
	u32 found = 0;

	strscpy(words, skip_spaces(text), sizeof(words));
	rest = strim(words);
	if (strcmp(rest, "any") == 0) {
		*chosen = ORDEAL_ALL_REGISTERS;
		return 0;
	}
	while ((word = strsep(&rest, " "))) {
		int number = find_register(word);

		if (number < 0)
			return ordeal_refuse(fault, -EINVAL,
					     "registers: \"%s\" is neither any nor one of: ax bx cx dx si di bp r8 to r15 ip sp flags",
					     word);
		found |= BIT(number);
	}
	*chosen = found;
	return 0;
}
EXPORT_SYMBOL_GPL(ordeal_parse_registers);

int ordeal_show_registers(u32 chosen, char *page)
{
	int number, at = 0;

	for (number = 0; number < ORDEAL_REGISTERS_COUNT; number++)
		if (chosen & BIT(number))
			at += sprintf(page + at, "%s%s", at ? " " : "", registers[number].name);
	return at + sprintf(page + at, "\n");
}
EXPORT_SYMBOL_GPL(ordeal_show_registers);
