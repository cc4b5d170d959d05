// SPDX-License-Identifier: GPL-2.0-only
/* Which bits of a transfer are flipped. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "storage.h"

/* Purposes of the seed below 16 are the core's, and the one of a delay is below this. */
#define PURPOSE_BITS 32

/* Puts `bit` in its place among `count` that ascend; says whether it was not there yet. */
static bool insert(u64 *bits, unsigned int count, u64 bit)
{
	unsigned int at = count;

	while (at > 0 && bits[at - 1] > bit)
		at--;
	if (at > 0 && bits[at - 1] == bit)
		return false;
	memmove(bits + at + 1, bits + at, (count - at) * sizeof(*bits));
	bits[at] = bit;
	return true;
}

void storage_pick_bits(const struct ordeal_fault *fault, u64 index, u64 from, u64 bytes, unsigned int count,
		       u64 *bits)
{
	unsigned int found = 0;
	u32 purpose = PURPOSE_BITS;

	/* Ends: a sector alone has 4096 bits, and at most STORAGE_MOST_BITS are asked for. */
	while (found < count)
		found += insert(bits, found, from * 8 + ordeal_random_below(fault, index, purpose++, bytes * 8));
}
