// SPDX-License-Identifier: GPL-2.0-only
/* What a fault of memory says of itself, after what every fault says. */
#include <linux/kernel.h>
#include <linux/mm.h>

#include "memory.h"

#define SAY(...) (at += scnprintf(page + at, PAGE_SIZE - at, __VA_ARGS__))

static int show_hog(const struct memory_hog *hog, char *page, int at)
{
	SAY("held_bytes: %lld\nheld_most_bytes: %lld\n", (long long)atomic64_read(&hog->held) << PAGE_SHIFT,
	    (long long)atomic64_read(&hog->held_most) << PAGE_SHIFT);
	SAY("floor_bytes: %llu\navailable_bytes: %llu\navailable_least_bytes: %lld\n", hog->floor_bytes,
	    memory_estimated_bytes() + memory_kept_bytes(), (long long)atomic64_read(&hog->available_least));
	return SAY("floor_reached_ns: %lld\nrefused: %lld\n", (long long)atomic64_read(&hog->floor_ns),
		   (long long)atomic64_read(&hog->refused));
}

static int show_corrupt(const struct memory_corrupt *corrupt, char *page, int at)
{
	return SAY("untouched: %lld\ncorruptions_lost: %llu\n", (long long)atomic64_read(&corrupt->untouched),
		   ordeal_record_lost(&corrupt->corruptions));
}

int memory_show_status(struct ordeal_fault *fault, char *page, int at)
{
	struct memory_fault *memory = memory_of(fault);

	switch (memory->effect) {
	case MEMORY_HOG:
		return show_hog(&memory->hog, page, at);
	case MEMORY_CORRUPT:
		at = show_corrupt(&memory->corrupt, page, at);
		fallthrough;
	case MEMORY_ENOMEM:
		return SAY("spared: %lld\n", (long long)atomic64_read(&memory->tasks.scope.spared));
	}
	return at;
}
