/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Faults of processors: taken away from everybody by a hog, taken off, bits flipped in their registers, or the kernel that runs on
 * them crashed.
 */
#ifndef ORDEAL_CPU_H
#define ORDEAL_CPU_H

#include <linux/cpumask.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "ordeal.h"
#include "registers.h"

/* As many as the status has room for; larger machines take another fault beside it. */
#define CPU_MOST_HOGS 256

enum cpu_effect { CPU_NO_EFFECT, CPU_HOG, CPU_OFF, CPU_PANIC, CPU_REGISTERS };
enum cpu_hog_class { CPU_FIFO, CPU_FAIR };

/* The thread that burns one processor. */
struct cpu_hog {
	struct cpu_fault *cpu;
	unsigned int number;		/* of the processor */
	struct task_struct *thread;
	s64 carry_ns;			/* what it got too little in the last period, or too much */
	u64 rested_ns;			/* CLOCK_MONOTONIC: when it last slept */
};

struct cpu_fault {
	struct ordeal_fault fault;

	/* The attributes: fault.lock; constant while armed. */
	int effect;
	struct cpumask cpus;
	u64 hog_percent, hog_period_us, hog_priority;
	int hog_class;
	u64 panic_meant;
	bool reboot_given;
	int panic_timeout;		/* as the kernel has it: 0 is never, -1 at once */
	struct ordeal_tasks tasks;	/* whose registers are flipped, and when */
	struct cpu_registers registers;	/* with what it holds while armed */

	/* While a hog is armed, and for the status until it is armed anew. */
	struct cpu_hog *hogs;
	unsigned int hog_count;

	/* Delayed by nothing: only such a work can be called off without waiting for it. */
	struct delayed_work off_taking;
	struct work_struct off_returning;
	atomic_t off_works;		/* of these two, that are queued or run */

	/* Of processors that are off: off_lock, but for the first that is constant. */
	struct list_head off_list;
	int off_acting;			/* the processor that we take or bring back just now; -1 is none */
	struct cpumask off_taken;	/* by this fault, and not back yet */
	struct cpumask off_found;	/* were off already when they were to be taken */
	struct cpumask off_refused;	/* the kernel did not take them off */
	struct cpumask off_returned;	/* somebody else brought them back */
	struct cpumask off_stuck;	/* the kernel did not bring them back at the end */
	u64 off_returned_ns;		/* when the last of those was */
};

static inline struct cpu_fault *cpu_of(struct ordeal_fault *fault)
{
	return container_of(fault, struct cpu_fault, fault);
}

/* attributes.c */
extern struct configfs_attribute *cpu_attributes[];
int cpu_refuse_senseless(struct cpu_fault *cpu);

/* hog.c */
int cpu_hog_start(struct cpu_fault *cpu);
void cpu_hog_opened(struct cpu_fault *cpu);
void cpu_hog_stop(struct cpu_fault *cpu);
/* Forgets what the status still shows of the last hog. */
void cpu_hog_forget(struct cpu_fault *cpu);
/* What the processor's hog has run for since the gate was opened, and for how long that was. */
u64 cpu_hog_ran_ns(const struct cpu_hog *hog);
u64 cpu_hog_wall_ns(const struct cpu_fault *cpu);

/* off.c */
void cpu_off_make(struct cpu_fault *cpu);
int cpu_off_start(struct cpu_fault *cpu);
void cpu_off_opened(struct cpu_fault *cpu);
void cpu_off_stop(struct cpu_fault *cpu);
int cpu_off_init(void);
void cpu_off_exit(void);

/* panic.c */
extern struct configfs_attribute *cpu_panic_attributes[];
int cpu_refuse_panic(struct cpu_fault *cpu);
int cpu_panic_start(struct cpu_fault *cpu);
void cpu_panic_opened(struct cpu_fault *cpu);
bool cpu_panic_has_heir(void);
/* As it is written, with a newline. */
int cpu_show_reboot(const struct cpu_fault *cpu, char *text, size_t size);

/* status.c */
int cpu_show_status(struct ordeal_fault *fault, char *page, int at);

#endif
