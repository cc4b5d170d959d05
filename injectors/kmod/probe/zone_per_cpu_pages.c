// SPDX-License-Identifier: GPL-2.0-only
/* What a processor keeps at hand of a zone is a structure of its own. */
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/percpu.h>

int probe(struct zone *zone, int cpu);
int probe(struct zone *zone, int cpu)
{
	return per_cpu_ptr(zone->per_cpu_pageset, cpu)->count;
}
MODULE_LICENSE("GPL");
