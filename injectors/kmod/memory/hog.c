// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread of the kernel that takes pages until no more than the floor is left to programs, and holds them; what others free later, it takes
 * as well. It gives nothing back before the end, also where others go on below the floor.
 */
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "memory.h"

/* So many before it looks again at how much is left: of what there is above the floor a part, for a look goes to each processor. */
#define LEAST_HELPING 256
#define MOST_HELPING 16384
#define HELPING_PART 16
/* How long it waits, at the floor or where the kernel has no page just now. */
#define WAIT (HZ / 10)
/* At the floor it waits for so much more than that, lest it fights for each page that somebody frees. */
#define LEAST_SLACK_BYTES (1ULL << 20)
#define SLACK_PART 16

/*
 * A page that is taken holds where the one is that was taken before: all the books that are kept. So each is written to, and no two are
 * alike: a hypervisor has to find memory for it, and cannot merge them.
 */
struct memory_held {
	struct memory_held *before;
};

static void note_available(struct memory_hog *hog, u64 available)
{
	u64 least = atomic64_read(&hog->available_least);

	if (!least || available < least)
		atomic64_set(&hog->available_least, available);
}

/*
 * What is left, as far as it counts for the floor. A processor cannot have what another keeps at hand before the kernel has taken that back: so
 * half of the floor is left by the estimate alone, lest programs are killed for want of memory that is only somewhere else.
 */
static u64 look(struct memory_hog *hog)
{
	u64 estimated = memory_estimated_bytes();
	u64 kept = memory_kept_bytes();

	note_available(hog, estimated + kept);
	return estimated + min_t(u64, kept, hog->floor_bytes / 2);
}

/* Neither calls the OOM killer: what little is left is for those who would. */
static gfp_t flags_of(const struct memory_hog *hog)
{
	return GFP_KERNEL | __GFP_NOWARN | (hog->reclaim == MEMORY_HARD ? __GFP_RETRY_MAYFAIL : __GFP_NORETRY);
}

static void note_held(struct memory_hog *hog)
{
	s64 held = atomic64_inc_return(&hog->held);

	if (held > atomic64_read(&hog->held_most))
		atomic64_set(&hog->held_most, held);
}

/* False where the kernel has none. */
static bool take_page(struct memory_fault *memory)
{
	struct memory_hog *hog = &memory->hog;
	struct memory_held *page = (void *)__get_free_page(flags_of(hog));
	u64 index;

	if (!page) {
		atomic64_inc(&hog->refused);
		return false;
	}
	page->before = hog->last;
	hog->last = page;
	note_held(hog);
	ordeal_choose(&memory->fault, &index);
	ordeal_count_effect(&memory->fault);
	return true;
}

static bool goes_on(struct memory_fault *memory)
{
	return ordeal_is_open(&memory->fault) && !kthread_should_stop();
}

static bool take_pages(struct memory_fault *memory, u64 count)
{
	while (count-- && goes_on(memory))
		if (!take_page(memory))
			return false;
	return true;
}

static u64 slack_bytes(const struct memory_hog *hog)
{
	return max_t(u64, hog->floor_bytes / SLACK_PART, LEAST_SLACK_BYTES);
}

static u64 helping(u64 above)
{
	return min_t(u64, above, clamp_t(u64, above / HELPING_PART, LEAST_HELPING, MOST_HELPING));
}

/* Down to the floor; false where the kernel has nothing more to give before that. */
static bool take_to_floor(struct memory_fault *memory)
{
	u64 floor = memory->hog.floor_bytes;

	while (goes_on(memory)) {
		u64 available = look(&memory->hog);

		if (available < floor + PAGE_SIZE) {
			atomic64_cmpxchg(&memory->hog.floor_ns, 0, ordeal_now_ns());
			return true;
		}
		if (!take_pages(memory, helping((available - floor) >> PAGE_SHIFT)))
			return false;
		cond_resched();
	}
	return true;
}

static int hog_thread(void *data)
{
	struct memory_fault *memory = data;
	struct memory_hog *hog = &memory->hog;
	u64 begin_above = hog->floor_bytes;

	while (!kthread_should_stop()) {
		if (!ordeal_is_open(&memory->fault)) {
			ordeal_sleep_while_shut(&memory->fault);
			continue;
		}
		if (look(hog) > begin_above)
			begin_above = hog->floor_bytes + (take_to_floor(memory) ? slack_bytes(hog) : 0);
		schedule_timeout_interruptible(WAIT);
	}
	return 0;
}

static void give_back(struct memory_hog *hog)
{
	while (hog->last) {
		struct memory_held *page = hog->last;

		hog->last = page->before;
		free_page((unsigned long)page);
		if (atomic64_dec_return(&hog->held) % LEAST_HELPING == 0)
			cond_resched();
	}
}

int memory_hog_start(struct memory_fault *memory)
{
	struct memory_hog *hog = &memory->hog;
	struct task_struct *thread;

	atomic64_set(&hog->held_most, 0);
	atomic64_set(&hog->available_least, 0);
	atomic64_set(&hog->refused, 0);
	atomic64_set(&hog->floor_ns, 0);
	thread = kthread_run(hog_thread, memory, "ordeal_memory");
	if (IS_ERR(thread))
		return ordeal_refuse(&memory->fault, PTR_ERR(thread), "arm: the thread of the hog cannot be started: error %ld",
				     -PTR_ERR(thread));
	hog->thread = thread;
	return 0;
}

void memory_hog_opened(struct memory_fault *memory)
{
	wake_up_process(memory->hog.thread);
}

void memory_hog_stop(struct memory_fault *memory)
{
	kthread_stop(memory->hog.thread);
	give_back(&memory->hog);
}
