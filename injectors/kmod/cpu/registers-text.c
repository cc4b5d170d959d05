// SPDX-License-Identifier: GPL-2.0-only
/* What can be written of flips in registers. */
#include <linux/kernel.h>

#include "cpu.h"

static const char *const contexts[] = { "user", "kernel", NULL };

ORDEAL_U64_ATTRIBUTE(cpu_, cpu_fault, bits, registers.bits, 1, 64);
ORDEAL_HEX_AT(cpu_, bit_mask, "a mask", cpu_of(fault)->registers.bit_mask, U64_MAX);
ORDEAL_WORD_ATTRIBUTE(cpu_, cpu_fault, context, tasks.trigger.context, contexts);

static ssize_t cpu_registers_show(struct config_item *item, char *page)
{
	return ordeal_show_registers(cpu_of(ordeal_fault_of(item))->registers.chosen, page);
}

static ssize_t cpu_registers_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	int error = ordeal_begin_change(fault, "registers");

	if (error)
		return error;
	error = ordeal_parse_registers(fault, page, &cpu_of(fault)->registers.chosen);
	ordeal_end_change(fault);
	return error ? error : count;
}
CONFIGFS_ATTR(cpu_, registers);

struct configfs_attribute *cpu_registers_attributes[] = {
	&cpu_attr_registers, &cpu_attr_bit_mask, &cpu_attr_bits, &cpu_attr_context, NULL,
};

int cpu_refuse_registers(struct cpu_fault *cpu)
{
	int error = ordeal_refuse_scope(&cpu->fault, cpu->tasks.trigger.context == ORDEAL_USER);

	return error ?: ordeal_refuse_trigger(&cpu->fault);
}
