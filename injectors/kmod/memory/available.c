// SPDX-License-Identifier: GPL-2.0-only
/*
 * What programs could still have: by the kernel's estimate, which /proc/meminfo tells as MemAvailable, and what each processor keeps at hand of
 * freed pages, which the estimate leaves out. From 6.7 on these may be an eighth of the memory.
 */
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/percpu.h>

#include "memory.h"

static long kept_by(struct zone *zone, int cpu)
{
#ifdef HAVE_ZONE_PER_CPU_PAGES
	return READ_ONCE(per_cpu_ptr(zone->per_cpu_pageset, cpu)->count);
#else
	return READ_ONCE(per_cpu_ptr(zone->pageset, cpu)->pcp.count);
#endif
}

/* Without a lock: it is about as exact as the estimate. */
static long kept_in(struct zone *zone)
{
	long pages = 0;
	int cpu;

	if (populated_zone(zone))
		for_each_online_cpu(cpu)
			pages += kept_by(zone, cpu);
	return pages;
}

/* Never below 0, as the kernel tells it: where it is 0, more may be missing. */
u64 memory_estimated_bytes(void)
{
	return (u64)si_mem_available() << PAGE_SHIFT;
}

u64 memory_kept_bytes(void)
{
	u64 pages = 0;
	int node, zone;

	for_each_online_node(node)
		for (zone = 0; zone < MAX_NR_ZONES; zone++)
			pages += kept_in(&NODE_DATA(node)->node_zones[zone]);
	return pages << PAGE_SHIFT;
}
