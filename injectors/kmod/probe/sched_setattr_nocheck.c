// SPDX-License-Identifier: GPL-2.0-only
/* A module may give a thread any real-time priority, not only the two that sched_set_fifo() and sched_set_fifo_low() give. */
#include <linux/module.h>
#include <linux/sched.h>
#include <uapi/linux/sched/types.h>

int probe(struct task_struct *task);
int probe(struct task_struct *task)
{
	struct sched_attr attributes = {};

	return sched_setattr_nocheck(task, &attributes);
}
MODULE_LICENSE("GPL");
