// SPDX-License-Identifier: GPL-2.0-only
/* Which transfers a fault touches: permanent, a share, one in n, bursts. Every choice follows from the seed. */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/string.h>

#include "ordeal.h"

#define BILLION 1000000000ULL
/* An hour: longer than any trial. */
#define LONGEST_BURST_US 3600000000ULL

/* The finalizer of splitmix64: each bit of the input reaches each of the output. */
static u64 mix(u64 bits)
{
	bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
	bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
	return bits ^ (bits >> 31);
}

u64 ordeal_random(const struct ordeal_fault *fault, u64 index, u32 purpose)
{
	u64 stream = mix(fault->seed + 0x9e3779b97f4a7c15ULL * (purpose + 1));

	return mix(stream + 0x9e3779b97f4a7c15ULL * (index + 1));
}
EXPORT_SYMBOL_GPL(ordeal_random);

u64 ordeal_random_below(const struct ordeal_fault *fault, u64 index, u32 purpose, u64 below)
{
	/* The high half of the product is even over the range, but for 2^-64 of it. */
	return mul_u64_u64_shr(ordeal_random(fault, index, purpose), below, 64);
}
EXPORT_SYMBOL_GPL(ordeal_random_below);

/* Purposes below 16 are the core's. */
#define PURPOSE_CHOICE 1

static bool chosen(struct ordeal_fault *fault, u64 index)
{
	const struct ordeal_mode *mode = &fault->mode;
	u64 since_us, within_us;

	switch (mode->kind) {
	case ORDEAL_PERMANENT:
		return true;
	case ORDEAL_SHARE:
		return ordeal_random_below(fault, index, PURPOSE_CHOICE, BILLION) < mode->share_ppb;
	case ORDEAL_ONE_IN:
		div64_u64_rem(index, mode->n, &within_us);
		return within_us == 0;
	case ORDEAL_BURST:
		since_us = div_u64(ordeal_now_ns() - READ_ONCE(fault->opened_ns), NSEC_PER_USEC);
		div64_u64_rem(since_us, mode->on_us + mode->off_us, &within_us);
		return within_us < mode->on_us;
	}
	return false;
}

bool ordeal_choose(struct ordeal_fault *fault, u64 *index)
{
	*index = atomic64_inc_return(&fault->seen) - 1;
	return chosen(fault, *index);
}
EXPORT_SYMBOL_GPL(ordeal_choose);

static void stamp_first(struct ordeal_fault *fault, s64 now)
{
	s64 first = atomic64_read(&fault->first_ns);

	while (first == 0 || now < first) {
		s64 found = atomic64_cmpxchg(&fault->first_ns, first, now);

		if (found == first)
			return;
		first = found;
	}
}

static void stamp_last(struct ordeal_fault *fault, s64 now)
{
	s64 last = atomic64_read(&fault->last_ns);

	while (now > last) {
		s64 found = atomic64_cmpxchg(&fault->last_ns, last, now);

		if (found == last)
			return;
		last = found;
	}
}

void ordeal_count_effect(struct ordeal_fault *fault)
{
	s64 now = ordeal_now_ns();

	stamp_first(fault, now);
	stamp_last(fault, now);
	atomic64_inc(&fault->effects);
}
EXPORT_SYMBOL_GPL(ordeal_count_effect);

void ordeal_take_back(struct ordeal_fault *fault, bool had_effect)
{
	atomic64_dec(&fault->seen);
	if (had_effect)
		atomic64_dec(&fault->effects);
}
EXPORT_SYMBOL_GPL(ordeal_take_back);

static int parse_share(struct ordeal_fault *fault, const char *text, struct ordeal_mode *mode)
{
	mode->kind = ORDEAL_SHARE;
	return ordeal_parse_u64(fault, "mode: the share", text, 0, BILLION, &mode->share_ppb);
}

static int parse_one_in(struct ordeal_fault *fault, const char *text, struct ordeal_mode *mode)
{
	mode->kind = ORDEAL_ONE_IN;
	return ordeal_parse_u64(fault, "mode: n", text, 1, BILLION, &mode->n);
}

static int parse_burst(struct ordeal_fault *fault, const char *text, struct ordeal_mode *mode)
{
	char on[24], off[24], more[2];
	int error;

	if (sscanf(text, "%23s %23s %1s", on, off, more) != 2)
		return ordeal_refuse(fault, -EINVAL,
				     "mode: burst takes two numbers, the microseconds on and off; found \"%s\"", text);
	mode->kind = ORDEAL_BURST;
	error = ordeal_parse_u64(fault, "mode: the time on", on, 1, LONGEST_BURST_US, &mode->on_us);
	if (error)
		return error;
	return ordeal_parse_u64(fault, "mode: the time off", off, 1, LONGEST_BURST_US, &mode->off_us);
}

/* `text` has no blanks around it. */
int ordeal_parse_mode(struct ordeal_fault *fault, const char *text, struct ordeal_mode *mode)
{
	size_t length;

	if (strcmp(text, "permanent") == 0) {
		mode->kind = ORDEAL_PERMANENT;
		return 0;
	}
	length = str_has_prefix(text, "share ");
	if (length)
		return parse_share(fault, text + length, mode);
	length = str_has_prefix(text, "one_in ");
	if (length)
		return parse_one_in(fault, text + length, mode);
	length = str_has_prefix(text, "burst ");
	if (length)
		return parse_burst(fault, text + length, mode);
	return ordeal_refuse(fault, -EINVAL,
			     "mode: \"%s\" is none of: permanent; share <parts of a billion>; one_in <n>; burst <us on> <us off>",
			     text);
}

int ordeal_show_mode(const struct ordeal_mode *mode, char *page, int at)
{
	switch (mode->kind) {
	case ORDEAL_PERMANENT:
		return at + scnprintf(page + at, PAGE_SIZE - at, "permanent\n");
	case ORDEAL_SHARE:
		return at + scnprintf(page + at, PAGE_SIZE - at, "share %llu\n", mode->share_ppb);
	case ORDEAL_ONE_IN:
		return at + scnprintf(page + at, PAGE_SIZE - at, "one_in %llu\n", mode->n);
	case ORDEAL_BURST:
		return at + scnprintf(page + at, PAGE_SIZE - at, "burst %llu %llu\n", mode->on_us, mode->off_us);
	}
	return at;
}
