/* SPDX-License-Identifier: GPL-2.0-only */
/* Faults of memory: taken away from everybody by a hog, refused to some, changed under them. */
#ifndef ORDEAL_MEMORY_H
#define ORDEAL_MEMORY_H

#include <linux/atomic.h>
#include <linux/kprobes.h>
#include <linux/sched.h>

#include "corrupt.h"
#include "ordeal.h"
#include "tasks/tasks.h"

enum memory_effect { MEMORY_NO_EFFECT, MEMORY_HOG, MEMORY_ENOMEM, MEMORY_CORRUPT };
enum memory_reclaim { MEMORY_LIGHT, MEMORY_HARD };

/* The thread that takes pages, and what it holds. */
struct memory_hog {
	/* The attributes: fault.lock; constant while armed. */
	u64 floor_bytes;		/* 0 is not given */
	int reclaim;

	/* While armed. */
	struct task_struct *thread;
	struct memory_held *last;	/* the page that was taken last: the thread's, then of who gives back */

	/* Of the status; kept until it is armed anew. */
	atomic64_t held, held_most;	/* pages */
	atomic64_t available_least;	/* bytes, of all that it has seen; 0 is none as yet */
	atomic64_t refused;		/* how often the kernel had no page */
	atomic64_t floor_ns;		/* when the floor was first reached */
};

struct memory_enomem {
	struct kprobe kprobe;		/* while armed */
};

struct memory_fault {
	struct ordeal_fault fault;
	int effect;
	struct memory_hog hog;
	struct ordeal_tasks tasks;	/* who is refused, whose memory is changed, and when */
	struct memory_enomem enomem;
	struct memory_corrupt corrupt;
};

static inline struct memory_fault *memory_of(struct ordeal_fault *fault)
{
	return container_of(fault, struct memory_fault, fault);
}

/* attributes.c */
extern struct configfs_attribute *memory_attributes[];
int memory_refuse_senseless(struct memory_fault *memory);

/* available.c */
u64 memory_estimated_bytes(void);
u64 memory_kept_bytes(void);

/* hog.c */
int memory_hog_start(struct memory_fault *memory);
void memory_hog_opened(struct memory_fault *memory);
void memory_hog_stop(struct memory_fault *memory);

/* enomem.c */
int memory_enomem_start(struct memory_fault *memory);
void memory_enomem_stop(struct memory_fault *memory);

/* status.c */
int memory_show_status(struct ordeal_fault *fault, char *page, int at);

#endif
