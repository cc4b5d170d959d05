// SPDX-License-Identifier: GPL-2.0-only
/* The crash of the kernel, by its own panic(): nothing is there to end it, so it has to be meant, and what follows it has to be told. */
#include <linux/configfs.h>
#include <linux/kernel.h>
#include <linux/kexec.h>
#if __has_include(<linux/panic.h>)
#include <linux/panic.h>
#endif
#include <linux/string.h>

#include "cpu.h"

#define LONGEST_REBOOT_S 3600

ORDEAL_U64_ATTRIBUTE(cpu_, cpu_fault, panic_meant, panic_meant, 0, 1);

int cpu_show_reboot(const struct cpu_fault *cpu, char *text, size_t size)
{
	if (!cpu->reboot_given)
		return scnprintf(text, size, "\n");
	if (cpu->panic_timeout > 0)
		return scnprintf(text, size, "%d\n", cpu->panic_timeout);
	return scnprintf(text, size, "%s\n", cpu->panic_timeout ? "at_once" : "never");
}

static ssize_t cpu_reboot_show(struct config_item *item, char *page)
{
	return cpu_show_reboot(cpu_of(ordeal_fault_of(item)), page, PAGE_SIZE);
}

static int parse_reboot(struct ordeal_fault *fault, const char *text, int *timeout)
{
	if (strcmp(text, "never") == 0)
		*timeout = 0;
	else if (strcmp(text, "at_once") == 0)
		*timeout = -1;
	else if (kstrtoint(text, 10, timeout) || *timeout < 1 || *timeout > LONGEST_REBOOT_S)
		return ordeal_refuse(fault, -EINVAL, "reboot: \"%s\" is neither never, at_once nor seconds from 1 to %d", text,
				     LONGEST_REBOOT_S);
	return 0;
}

static ssize_t cpu_reboot_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	int error = ordeal_begin_change(fault, "reboot");
	char text[32];
	int timeout;

	if (error)
		return error;
	strscpy(text, skip_spaces(page), sizeof(text));
	error = parse_reboot(fault, strim(text), &timeout);
	if (!error) {
		cpu_of(fault)->panic_timeout = timeout;
		cpu_of(fault)->reboot_given = true;
	}
	ordeal_end_change(fault);
	return error ? error : count;
}
CONFIGFS_ATTR(cpu_, reboot);

struct configfs_attribute *cpu_panic_attributes[] = { &cpu_attr_panic_meant, &cpu_attr_reboot, NULL };

int cpu_refuse_panic(struct cpu_fault *cpu)
{
	if (!cpu->panic_meant)
		return ordeal_refuse(&cpu->fault, -EPERM,
				     "panic_meant: a panic ends all that runs here and cannot be reverted; if it is meant, write 1");
	if (!cpu->reboot_given)
		return ordeal_refuse(&cpu->fault, -EINVAL,
				     "reboot: is not given; after a panic: never, at_once or seconds from 1 to %d",
				     LONGEST_REBOOT_S);
	return 0;
}

/* A kernel that is kept for crashes takes over instead, and decides by itself when to reboot. */
bool cpu_panic_has_heir(void)
{
	return kexec_crash_loaded();
}

int cpu_panic_start(struct cpu_fault *cpu)
{
	char reboot[16];

	cpu_show_reboot(cpu, reboot, sizeof(reboot));
	/* Whoever asks the log afterwards, where it outlives the crash, finds that it was meant. */
	pr_notice("ordeal: the fault %s will panic this kernel at %llu ns of CLOCK_BOOTTIME; reboot: %s",
		  config_item_name(&cpu->fault.item), cpu->fault.start_ns, reboot);
	return 0;
}

void cpu_panic_opened(struct cpu_fault *cpu)
{
	u64 index;

	if (!ordeal_choose(&cpu->fault, &index))
		return;
	ordeal_count_effect(&cpu->fault);
	panic_timeout = cpu->panic_timeout;
	panic("ordeal: by the fault %s", config_item_name(&cpu->fault.item));
}
