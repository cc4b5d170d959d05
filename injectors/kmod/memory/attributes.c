// SPDX-License-Identifier: GPL-2.0-only
/* What can be written of a fault of memory, and which of it makes no sense together. */
#include <linux/kernel.h>
#include <linux/mm.h>

#include "memory.h"

/* Below it Linux itself is what is tested, not what runs on it. */
#define LEAST_FLOOR_BYTES (16ULL << 20)

static const char *const effects[] = { "hog", "enomem", "corrupt", NULL };
static const char *const reclaims[] = { "light", "hard", NULL };

ORDEAL_EFFECT_ATTRIBUTE(memory_, memory_fault, effects);
ORDEAL_U64_ATTRIBUTE(memory_, memory_fault, floor_bytes, hog.floor_bytes, LEAST_FLOOR_BYTES, S64_MAX);
ORDEAL_WORD_ATTRIBUTE(memory_, memory_fault, reclaim, hog.reclaim, reclaims);

struct configfs_attribute *memory_attributes[] = {
	&memory_attr_effect, &memory_attr_floor_bytes, &memory_attr_reclaim, NULL,
};

static int refuse_hog(struct memory_fault *memory)
{
	u64 total = (u64)totalram_pages() << PAGE_SHIFT;

	if (memory->hog.floor_bytes == 0)
		return ordeal_refuse(&memory->fault, -EINVAL,
				     "floor_bytes: is not given; how much is left to programs, from %llu on", LEAST_FLOOR_BYTES);
	if (memory->hog.floor_bytes >= total)
		return ordeal_refuse(&memory->fault, -EINVAL, "floor_bytes: %llu is not less than what this machine has, %llu",
				     memory->hog.floor_bytes, total);
	if (memory->fault.mode.kind != ORDEAL_PERMANENT)
		return ordeal_refuse(&memory->fault, -EINVAL, "mode: a hog holds what it has; it takes permanent only");
	return 0;
}

/* With fault->lock held, before it is armed. */
int memory_refuse_senseless(struct memory_fault *memory)
{
	switch (memory->effect) {
	case MEMORY_HOG:
		return refuse_hog(memory);
	case MEMORY_ENOMEM:
		return ordeal_refuse_scope(&memory->fault, true);
	case MEMORY_CORRUPT:
		return memory_refuse_corrupt(memory);
	default:
		return ordeal_refuse(&memory->fault, -EINVAL, "effect: is not given; one of: hog enomem corrupt");
	}
}
