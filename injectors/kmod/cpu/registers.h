/* SPDX-License-Identifier: GPL-2.0-only */
/* Bits that are flipped in registers: what is asked, whose they are, what triggers it, and the record of each flip. */
#ifndef ORDEAL_CPU_REGISTERS_H
#define ORDEAL_CPU_REGISTERS_H

#include <linux/atomic.h>
#include <linux/kprobes.h>
#include <linux/path.h>
#include <linux/perf_event.h>
#include <linux/types.h>
#include <linux/uprobes.h>

struct cgroup;
struct cpu_fault;
struct configfs_attribute;
struct configfs_bin_attribute;

/* General registers, the instruction and the stack pointer, the arithmetic flags. */
#define CPU_REGISTERS_COUNT 18
#define CPU_ALL_REGISTERS ((1U << CPU_REGISTERS_COUNT) - 1)
#define CPU_MOST_PROTECTED 16
#define CPU_MOST_PATH 256
#define CPU_MOST_FUNCTION 128
/* The first so many flips are kept. */
#define CPU_MOST_FLIPS 1024

enum cpu_trigger {
	CPU_NO_TRIGGER,
	CPU_TIMER,		/* an interrupt of a timer, of whatever runs then */
	CPU_SYSCALL,		/* the entry of a system call */
	CPU_ADDRESS,		/* a program executes an instruction of a file */
	CPU_FUNCTION,		/* the kernel executes a function */
	CPU_INSTRUCTIONS,	/* so many instructions were executed */
};

enum cpu_context { CPU_USER, CPU_KERNEL };

/* Which cgroup a task has to be in, or below. */
struct cpu_cgroup {
	char path[CPU_MOST_PATH];
	struct cgroup *found;		/* while armed */
	int controller;			/* by which version 1 is asked; -1 is version 2 */
};

struct cpu_scope {
	struct cpu_cgroup cgroup, protected_cgroup;
	u64 pid_namespace;		/* its inode; 0 is not given */
	pid_t process;			/* 0 is not given */
	u64 process_start;		/* in clock ticks since boot, as /proc/<pid>/stat has it */
	unsigned int protected_count;
	pid_t protected[CPU_MOST_PROTECTED];
	/* While armed. */
	struct pid *process_pid;
	struct pid *protected_pids[CPU_MOST_PROTECTED];
};

/* A register that can be chosen, and those of its bits that can. */
struct cpu_choice {
	unsigned int number;
	u64 bits;
};

struct cpu_flip {
	u64 ns, index, old, new, address;
	pid_t process, thread;
	char name[16];
	u8 number;			/* of the register */
	bool done;			/* written whole */
};

struct cpu_timers;
struct cpu_counters;

struct cpu_registers {
	/* The attributes. */
	u32 chosen;			/* a bit a register */
	u64 bit_mask, bits, times;
	int trigger, context;
	u64 timer_us, instructions, offset;
	char file[CPU_MOST_PATH];
	char function[CPU_MOST_FUNCTION];
	struct cpu_scope scope;

	/* While armed. */
	struct cpu_choice choices[CPU_REGISTERS_COUNT];
	unsigned int choice_count;
	struct cpu_timers __percpu *timers;
	struct cpu_counters __percpu *counters;
	struct kprobe kprobe;
	struct uprobe_consumer consumer;
	struct uprobe *uprobe;
	struct path path;
	atomic64_t turns;		/* were chosen by the mode, of which `times` are taken */

	/* Of the status; kept until it is armed anew. */
	struct cpu_flip *flips;
	atomic_t flip_count;
	atomic64_t spared;		/* of a protected task */
};

/* registers.c */
int cpu_registers_start(struct cpu_fault *cpu);
void cpu_registers_stop(struct cpu_fault *cpu);
/* A trigger has met these registers of `current`: flips bits of them if it is in scope and its turn. From any context but NMI. */
void cpu_registers_met(struct cpu_fault *cpu, struct pt_regs *regs);
const char *cpu_register_name(unsigned int number);

/* registers-text.c */
extern struct configfs_attribute *cpu_registers_attributes[];
int cpu_refuse_registers(struct cpu_fault *cpu);

/* flips.c */
int cpu_flips_start(struct cpu_fault *cpu);
void cpu_flips_forget(struct cpu_fault *cpu);
void cpu_flips_add(struct cpu_fault *cpu, const struct cpu_flip *flip);
u64 cpu_flips_lost(const struct cpu_fault *cpu);
extern struct configfs_bin_attribute *cpu_bin_attributes[];

/* scope.c */
int cpu_scope_find(struct cpu_fault *cpu);
void cpu_scope_forget(struct cpu_fault *cpu);
/* Is `current`? With the registers of a program, or of the kernel. */
bool cpu_scope_has_current(struct cpu_fault *cpu);

/* scope-text.c */
extern struct configfs_attribute *cpu_scope_attributes[];
ssize_t cpu_store_text(struct config_item *item, const char *name, const char *page, size_t count, char *text,
		       size_t size);

/* trigger.c */
int cpu_trigger_start(struct cpu_fault *cpu);
void cpu_trigger_stop(struct cpu_fault *cpu);

/* trigger-*.c: stop ends only when nobody is in it any more. */
int cpu_timer_start(struct cpu_fault *cpu);
void cpu_timer_stop(struct cpu_fault *cpu);
int cpu_syscall_start(struct cpu_fault *cpu);
void cpu_syscall_stop(struct cpu_fault *cpu);
int cpu_address_start(struct cpu_fault *cpu);
void cpu_address_stop(struct cpu_fault *cpu);
int cpu_function_start(struct cpu_fault *cpu);
void cpu_function_stop(struct cpu_fault *cpu);
int cpu_instructions_start(struct cpu_fault *cpu);
void cpu_instructions_stop(struct cpu_fault *cpu);

#endif
