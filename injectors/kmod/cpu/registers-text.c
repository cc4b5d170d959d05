// SPDX-License-Identifier: GPL-2.0-only
/* What can be written of flips in registers. */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "cpu.h"

/* A word that attributes without a choice begin with. */
static const char *const triggers[] = { "none", "timer", "syscall", "address", "function", "instructions", NULL };
static const char *const contexts[] = { "user", "kernel", NULL };

ORDEAL_U64_ATTRIBUTE(cpu_, cpu_fault, bits, registers.bits, 1, 64);
ORDEAL_U64_ATTRIBUTE(cpu_, cpu_fault, times, registers.times, 0, S64_MAX);
ORDEAL_WORD_ATTRIBUTE(cpu_, cpu_fault, trigger, registers.trigger, triggers);
ORDEAL_WORD_ATTRIBUTE(cpu_, cpu_fault, context, registers.context, contexts);
ORDEAL_U64_ATTRIBUTE(cpu_, cpu_fault, timer_us, registers.timer_us, 100, 10000000);
ORDEAL_U64_ATTRIBUTE(cpu_, cpu_fault, instructions, registers.instructions, 1000, S64_MAX);
ORDEAL_U64_ATTRIBUTE(cpu_, cpu_fault, offset, registers.offset, 0, S64_MAX);

static int find_register(const char *name)
{
	int number;

	for (number = 0; number < CPU_REGISTERS_COUNT; number++)
		if (strcmp(cpu_register_name(number), name) == 0)
			return number;
	return -1;
}

static ssize_t cpu_registers_show(struct config_item *item, char *page)
{
	u32 chosen = cpu_of(ordeal_fault_of(item))->registers.chosen;
	int number, at = 0;

	for (number = 0; number < CPU_REGISTERS_COUNT; number++)
		if (chosen & BIT(number))
			at += sprintf(page + at, "%s%s", at ? " " : "", cpu_register_name(number));
	return at + sprintf(page + at, "\n");
}

static int parse_registers(struct ordeal_fault *fault, char *text, u32 *chosen)
{
	char *word;

	*chosen = strcmp(text, "any") == 0 ? CPU_ALL_REGISTERS : 0;
	while (*chosen != CPU_ALL_REGISTERS && (word = strsep(&text, " "))) {
		int number = find_register(word);

		if (number < 0)
			return ordeal_refuse(fault, -EINVAL,
					     "registers: \"%s\" is neither any nor one of: ax bx cx dx si di bp r8 to r15 ip sp flags",
					     word);
		*chosen |= BIT(number);
	}
	return 0;
}

static ssize_t cpu_registers_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	int error = ordeal_begin_change(fault, "registers");
	char text[128];
	u32 chosen;

	if (error)
		return error;
	strscpy(text, skip_spaces(page), sizeof(text));
	error = parse_registers(fault, strim(text), &chosen);
	if (!error)
		cpu_of(fault)->registers.chosen = chosen;
	ordeal_end_change(fault);
	return error ? error : count;
}
CONFIGFS_ATTR(cpu_, registers);

static ssize_t cpu_bit_mask_show(struct config_item *item, char *page)
{
	return sprintf(page, "0x%llx\n", cpu_of(ordeal_fault_of(item))->registers.bit_mask);
}

static ssize_t cpu_bit_mask_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	int error = ordeal_begin_change(fault, "bit_mask");
	char text[32];
	u64 mask;

	if (error)
		return error;
	strscpy(text, skip_spaces(page), sizeof(text));
	if (!str_has_prefix(strim(text), "0x") || kstrtou64(text, 16, &mask) || !mask)
		error = ordeal_refuse(fault, -EINVAL, "bit_mask: \"%s\" is not a mask from 0x1 to 0xffffffffffffffff", text);
	else
		cpu_of(fault)->registers.bit_mask = mask;
	ordeal_end_change(fault);
	return error ? error : count;
}
CONFIGFS_ATTR(cpu_, bit_mask);

ssize_t cpu_store_text(struct config_item *item, const char *name, const char *page, size_t count, char *text,
		       size_t size)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	int error = ordeal_begin_change(fault, name);

	if (error)
		return error;
	if (count >= size) {
		error = ordeal_refuse(fault, -EINVAL, "%s: is longer than %zu characters", name, size - 1);
	} else {
		strscpy(text, skip_spaces(page), size);
		strim(text);
	}
	ordeal_end_change(fault);
	return error ? error : count;
}

static ssize_t cpu_file_show(struct config_item *item, char *page)
{
	return sprintf(page, "%s\n", cpu_of(ordeal_fault_of(item))->registers.file);
}

static ssize_t cpu_file_store(struct config_item *item, const char *page, size_t count)
{
	return cpu_store_text(item, "file", page, count, cpu_of(ordeal_fault_of(item))->registers.file, CPU_MOST_PATH);
}
CONFIGFS_ATTR(cpu_, file);

static ssize_t cpu_function_show(struct config_item *item, char *page)
{
	return sprintf(page, "%s\n", cpu_of(ordeal_fault_of(item))->registers.function);
}

static ssize_t cpu_function_store(struct config_item *item, const char *page, size_t count)
{
	return cpu_store_text(item, "function", page, count, cpu_of(ordeal_fault_of(item))->registers.function,
			      CPU_MOST_FUNCTION);
}
CONFIGFS_ATTR(cpu_, function);

struct configfs_attribute *cpu_registers_attributes[] = {
	&cpu_attr_registers, &cpu_attr_bit_mask, &cpu_attr_bits,	 &cpu_attr_times,
	&cpu_attr_trigger,   &cpu_attr_context,	 &cpu_attr_timer_us,	 &cpu_attr_instructions,
	&cpu_attr_file,	     &cpu_attr_offset,	 &cpu_attr_function,	 NULL,
};

static int refuse_trigger(struct cpu_fault *cpu)
{
	const struct cpu_registers *own = &cpu->registers;

	if (own->trigger == CPU_NO_TRIGGER)
		return ordeal_refuse(&cpu->fault, -EINVAL,
				     "trigger: is not given; one of: timer syscall address function instructions");
	if (own->context == CPU_KERNEL && own->trigger != CPU_TIMER && own->trigger != CPU_FUNCTION)
		return ordeal_refuse(&cpu->fault, -EINVAL,
				     "context: registers of the kernel are met by the triggers timer and function; found %s",
				     triggers[own->trigger]);
	if (own->trigger == CPU_ADDRESS && !own->file[0])
		return ordeal_refuse(&cpu->fault, -EINVAL, "file: is not given; the trigger address needs the path of a program");
	if (own->trigger == CPU_FUNCTION && !own->function[0])
		return ordeal_refuse(&cpu->fault, -EINVAL,
				     "function: is not given; the trigger function needs the name of one of the kernel");
	if (own->trigger == CPU_INSTRUCTIONS && !own->instructions)
		return ordeal_refuse(&cpu->fault, -EINVAL,
				     "instructions: is not given; the trigger instructions needs from 1000 on");
	return 0;
}

int cpu_refuse_registers(struct cpu_fault *cpu)
{
	const struct cpu_scope *scope = &cpu->registers.scope;
	int given = !!scope->cgroup.path[0] + !!scope->pid_namespace + !!scope->process;

	if (given > 1)
		return ordeal_refuse(&cpu->fault, -EINVAL, "cgroup, pid_namespace, process: %d are given; give one", given);
	if (given == 0 && cpu->registers.context == CPU_USER)
		return ordeal_refuse(&cpu->fault, -EINVAL, "cgroup, pid_namespace, process: none is given; give one");
	return refuse_trigger(cpu);
}
