// SPDX-License-Identifier: GPL-2.0-only
/* hrtimer_setup() takes the place of hrtimer_init() and of setting the function. */
#include <linux/hrtimer.h>
#include <linux/module.h>

static enum hrtimer_restart tick(struct hrtimer *timer)
{
	return HRTIMER_NORESTART;
}

void probe(struct hrtimer *timer);
void probe(struct hrtimer *timer)
{
	hrtimer_setup(timer, tick, CLOCK_BOOTTIME, HRTIMER_MODE_ABS_HARD);
}
MODULE_LICENSE("GPL");
