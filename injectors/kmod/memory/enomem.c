// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the kernel asks whether a program may have so much more memory (mmap, brk, mremap, mprotect, stack growth, fork), it is told no. So
 * each of these fails as the kernel means it to.
 */
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "memory.h"

/* Instead of the kernel's own answer; its arguments are those of the function that is probed. */
static noinline int refuse(struct mm_struct *mm, long pages)
{
	return -ENOMEM;
}

/* A task that is met, and that may be refused what it asks for. */
static bool is_refused(struct memory_fault *memory)
{
	u64 index;

	if (!ordeal_is_open(&memory->fault) || (current->flags & PF_KTHREAD) ||
	    !ordeal_scope_has_current(&memory->fault))
		return false;
	return ordeal_choose(&memory->fault, &index);
}

static int on_question(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct memory_fault *memory = container_of(kprobe, struct memory_fault, enomem.kprobe);

	if (!is_refused(memory))
		return 0;
	ordeal_count_effect(&memory->fault);
	instruction_pointer_set(regs, (unsigned long)refuse);
	return 1;
}

/* Keeps the kernel from making a jump of the breakpoint, after which it could not be told where to go on. */
static void afterwards(struct kprobe *kprobe, struct pt_regs *regs, unsigned long flags)
{
}

int memory_enomem_start(struct memory_fault *memory)
{
	struct kprobe *kprobe = &memory->enomem.kprobe;
	int error = ordeal_scope_find(&memory->fault);

	if (error)
		return error;
	memset(kprobe, 0, sizeof(*kprobe));
	kprobe->symbol_name = "security_vm_enough_memory_mm";
	kprobe->pre_handler = on_question;
	kprobe->post_handler = afterwards;
	error = register_kprobe(kprobe);
	if (!error)
		return 0;
	ordeal_scope_forget(&memory->fault);
	return ordeal_refuse(&memory->fault, error, "effect: this kernel has no %s that can be probed: error %d",
			     "security_vm_enough_memory_mm", -error);
}

void memory_enomem_stop(struct memory_fault *memory)
{
	unregister_kprobe(&memory->enomem.kprobe);
	/* Who was sent to our answer may not have got there yet. */
	synchronize_rcu_tasks();
	ordeal_scope_forget(&memory->fault);
}
