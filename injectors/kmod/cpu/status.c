// SPDX-License-Identifier: GPL-2.0-only
/* What a fault of processors says of itself, after what every fault says. */
#include <linux/kernel.h>
#include <linux/math64.h>

#include "cpu.h"

#define SAY(...) (at += scnprintf(page + at, PAGE_SIZE - at, __VA_ARGS__))

static int show_hog(struct cpu_fault *cpu, char *page, int at)
{
	u64 wall = cpu_hog_wall_ns(cpu);
	u64 ran = 0;
	unsigned int index;

	for (index = 0; index < cpu->hog_count; index++)
		ran += cpu_hog_ran_ns(&cpu->hogs[index]);
	SAY("wall_ns: %llu\nran_ns: %llu\nsteal_permille:", wall, ran);
	for (index = 0; index < cpu->hog_count; index++)
		SAY(" %u=%llu", cpu->hogs[index].number,
		    wall ? div64_u64(cpu_hog_ran_ns(&cpu->hogs[index]) * 1000, wall) : 0);
	return SAY("\n");
}

static int show_off(struct cpu_fault *cpu, char *page, int at)
{
	SAY("off: %*pbl\nfound_off: %*pbl\n", cpumask_pr_args(&cpu->off_taken), cpumask_pr_args(&cpu->off_found));
	SAY("refused: %*pbl\nstuck: %*pbl\n", cpumask_pr_args(&cpu->off_refused), cpumask_pr_args(&cpu->off_stuck));
	return SAY("brought_back_by_others: %*pbl\nbrought_back_by_others_ns: %llu\n",
		   cpumask_pr_args(&cpu->off_returned), cpu->off_returned_ns);
}

static int show_panic(struct cpu_fault *cpu, char *page, int at)
{
	SAY("reboot: ");
	at += cpu_show_reboot(cpu, page + at, PAGE_SIZE - at);
	return SAY("crash_kernel: %s\n", cpu_panic_has_heir() ? "yes" : "no");
}

static int show_registers(struct cpu_fault *cpu, char *page, int at)
{
	struct cpu_registers *own = &cpu->registers;
	unsigned int index;

	SAY("spared: %lld\nflips_lost: %llu\nreached:", (long long)atomic64_read(&cpu->tasks.scope.spared), ordeal_record_lost(&own->flips));
	for (index = 0; index < own->choice_count; index++)
		SAY(" %s", ordeal_register_name(own->choices[index].number));
	return SAY("\n");
}

int cpu_show_status(struct ordeal_fault *fault, char *page, int at)
{
	struct cpu_fault *cpu = cpu_of(fault);

	switch (cpu->effect) {
	case CPU_HOG:
		return show_hog(cpu, page, at);
	case CPU_OFF:
		return show_off(cpu, page, at);
	case CPU_PANIC:
		return show_panic(cpu, page, at);
	case CPU_REGISTERS:
		return show_registers(cpu, page, at);
	}
	return at;
}
