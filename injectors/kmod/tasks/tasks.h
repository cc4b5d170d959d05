/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For faults that meet tasks at what they do: whose tasks are meant, and what leads to the fault. A kind that has them keeps a struct
 * ordeal_tasks, and takes the attributes of its parts for its own.
 */
#ifndef ORDEAL_TASKS_H
#define ORDEAL_TASKS_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/kprobes.h>
#include <linux/path.h>
#include <linux/types.h>
#include <linux/uprobes.h>
#include <linux/workqueue.h>

#include "ordeal.h"

struct cgroup;
struct cpumask;

/* General registers, the instruction and the stack pointer, the flags. */
#define ORDEAL_REGISTERS_COUNT 18
#define ORDEAL_ALL_REGISTERS ((1U << ORDEAL_REGISTERS_COUNT) - 1)
#define ORDEAL_MOST_PROTECTED 16
#define ORDEAL_MOST_PATH 256
#define ORDEAL_MOST_FUNCTION 128

enum ordeal_trigger_kind {
	ORDEAL_NO_TRIGGER,
	ORDEAL_TIMER,		/* an interrupt of a timer, of whatever runs then */
	ORDEAL_SYSCALL,		/* the entry of a system call */
	ORDEAL_ADDRESS,		/* a program executes an instruction of a file */
	ORDEAL_FUNCTION,	/* the kernel executes a function */
	ORDEAL_INSTRUCTIONS,	/* so many instructions were executed */
};

enum ordeal_context { ORDEAL_USER, ORDEAL_KERNEL };

/* Which cgroup a task has to be in, or below. */
struct ordeal_cgroup {
	char path[ORDEAL_MOST_PATH];
	struct cgroup *found;		/* while armed */
	int controller;			/* by which version 1 is asked; -1 is version 2 */
};

struct ordeal_scope {
	struct ordeal_cgroup cgroup, protected_cgroup;
	u64 pid_namespace;		/* its inode; 0 is not given */
	pid_t process;			/* 0 is not given */
	u64 process_start;		/* in clock ticks since boot, as /proc/<pid>/stat has it */
	unsigned int protected_count;
	pid_t protected[ORDEAL_MOST_PROTECTED];
	/* While armed. */
	struct pid *process_pid;
	struct pid *protected_pids[ORDEAL_MOST_PROTECTED];
	/* Of the status: how often a protected task would have been met. */
	atomic64_t spared;
};

struct ordeal_timers;
struct ordeal_counters;

struct ordeal_trigger {
	/* Of who makes the fault: the processors whose timers and counters are meant; where it is empty, all. */
	const struct cpumask *cpus;
	/* And what is done to whom it meets, from any context but NMI; false where nothing could be. */
	bool (*met)(struct ordeal_fault *fault, struct pt_regs *regs, u64 index);

	/* The attributes. */
	int kind, context;
	u64 times;			/* that it is done; 0 is without end */
	u64 timer_us, instructions, offset;
	char file[ORDEAL_MOST_PATH];
	char function[ORDEAL_MOST_FUNCTION];

	/* While armed. */
	atomic64_t turns;		/* of `times`: those that are taken */
	struct ordeal_timers __percpu *timers;
	struct ordeal_counters __percpu *counters;
	struct kprobe kprobe;
	struct uprobe_consumer consumer;
	struct uprobe *uprobe;
	struct path path;
	bool sifts;			/* those who are not meant from the callers that are followed */
	struct delayed_work look;
};

struct ordeal_tasks {
	struct ordeal_fault *fault;
	struct ordeal_scope scope;
	struct ordeal_trigger trigger;
};

/* Gives a fault that is made just now its tasks, with their defaults. */
void ordeal_tasks_make(struct ordeal_fault *fault, struct ordeal_tasks *tasks);

/* scope.c: with fault->lock held. */
int ordeal_refuse_scope(struct ordeal_fault *fault, bool needs_one);
int ordeal_scope_find(struct ordeal_fault *fault);
void ordeal_scope_forget(struct ordeal_fault *fault);
/* Whose tasks are meant? Where no scope is given, everybody's. The task must not go meanwhile. */
bool ordeal_scope_means(const struct ordeal_scope *scope, struct task_struct *task);
/* Is `current`, and not protected? */
bool ordeal_scope_has_current(struct ordeal_fault *fault);

/* scope-text.c */
extern struct configfs_attribute *ordeal_scope_attributes[];

/* trigger.c: with fault->lock held. The scope has to be found; stop ends only when nobody is in it any more. */
int ordeal_trigger_start(struct ordeal_fault *fault);
void ordeal_trigger_stop(struct ordeal_fault *fault);
/* For trigger-*.c: these registers of `current` were met. From any context but NMI. */
void ordeal_trigger_meets(struct ordeal_tasks *tasks, struct pt_regs *regs);

/* trigger-text.c */
extern struct configfs_attribute *ordeal_trigger_attributes[];
int ordeal_refuse_trigger(struct ordeal_fault *fault);
const char *ordeal_trigger_name(const struct ordeal_trigger *trigger);

/* trigger-*.c */
int ordeal_timer_start(struct ordeal_tasks *tasks);
void ordeal_timer_stop(struct ordeal_tasks *tasks);
int ordeal_syscall_start(struct ordeal_tasks *tasks);
void ordeal_syscall_stop(struct ordeal_tasks *tasks);
int ordeal_address_start(struct ordeal_tasks *tasks);
void ordeal_address_stop(struct ordeal_tasks *tasks);
int ordeal_function_start(struct ordeal_tasks *tasks);
void ordeal_function_stop(struct ordeal_tasks *tasks);
int ordeal_instructions_start(struct ordeal_tasks *tasks);
void ordeal_instructions_stop(struct ordeal_tasks *tasks);

/* callers.c */
typedef void ordeal_entry_probe(void *tasks, struct pt_regs *regs, long number);
/* From here on the probe is called at the entry of each system call of those that are meant, at first of all others too. */
int ordeal_callers_follow(struct ordeal_tasks *tasks, ordeal_entry_probe *on_entry);
void ordeal_callers_leave(struct ordeal_tasks *tasks, ordeal_entry_probe *on_entry);
/* For the probe: lets go of the calls of `current` that is not meant. */
void ordeal_callers_sift(struct ordeal_tasks *tasks);

/* registers.c */
const char *ordeal_register_name(unsigned int number);
/* Where the register is, of those that a trigger has met. */
unsigned long *ordeal_register_of(struct ordeal_fault *fault, struct pt_regs *regs, unsigned int number);
/* "any", or names between blanks: a bit for each. */
int ordeal_parse_registers(struct ordeal_fault *fault, const char *text, u32 *chosen);
int ordeal_show_registers(u32 chosen, char *page);

#endif
