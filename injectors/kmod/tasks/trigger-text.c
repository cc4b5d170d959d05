// SPDX-License-Identifier: GPL-2.0-only
/* What can be written of what leads to a fault. */
#include <linux/kernel.h>
#include <linux/module.h>

#include "tasks.h"

/* A word that attributes without a choice begin with. */
static const char *const triggers[] = { "none", "timer", "syscall", "address", "function", "instructions", NULL };

ORDEAL_WORD_AT(, trigger, fault->tasks->trigger.kind, triggers, 0);
ORDEAL_U64_AT(, times, fault->tasks->trigger.times, 0, S64_MAX);
ORDEAL_U64_AT(, timer_us, fault->tasks->trigger.timer_us, 100, 10000000);
ORDEAL_U64_AT(, instructions, fault->tasks->trigger.instructions, 1000, S64_MAX);
ORDEAL_U64_AT(, offset, fault->tasks->trigger.offset, 0, S64_MAX);
ORDEAL_TEXT_AT(, file, fault->tasks->trigger.file);
ORDEAL_TEXT_AT(, function, fault->tasks->trigger.function);

struct configfs_attribute *ordeal_trigger_attributes[] = {
	&attr_trigger, &attr_times,    &attr_timer_us, &attr_instructions,
	&attr_file,    &attr_offset,   &attr_function, NULL,
};
EXPORT_SYMBOL_GPL(ordeal_trigger_attributes);

const char *ordeal_trigger_name(const struct ordeal_trigger *trigger)
{
	return triggers[trigger->kind];
}
EXPORT_SYMBOL_GPL(ordeal_trigger_name);

int ordeal_refuse_trigger(struct ordeal_fault *fault)
{
	const struct ordeal_trigger *own = &fault->tasks->trigger;

	if (own->kind == ORDEAL_NO_TRIGGER)
		return ordeal_refuse(fault, -EINVAL,
				     "trigger: is not given; one of: timer syscall address function instructions");
	if (own->context == ORDEAL_KERNEL && own->kind != ORDEAL_TIMER && own->kind != ORDEAL_FUNCTION)
		return ordeal_refuse(fault, -EINVAL,
				     "context: registers of the kernel are met by the triggers timer and function; found %s",
				     triggers[own->kind]);
	if (own->kind == ORDEAL_ADDRESS && !own->file[0])
		return ordeal_refuse(fault, -EINVAL, "file: is not given; the trigger address needs the path of a program");
	if (own->kind == ORDEAL_FUNCTION && !own->function[0])
		return ordeal_refuse(fault, -EINVAL,
				     "function: is not given; the trigger function needs the name of one of the kernel");
	if (own->kind == ORDEAL_INSTRUCTIONS && !own->instructions)
		return ordeal_refuse(fault, -EINVAL,
				     "instructions: is not given; the trigger instructions needs from 1000 on");
	return 0;
}
EXPORT_SYMBOL_GPL(ordeal_refuse_trigger);
