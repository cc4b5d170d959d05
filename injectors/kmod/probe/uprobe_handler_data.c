// SPDX-License-Identifier: GPL-2.0-only
/* The handler of a uprobe is given a place for data of its own. */
#include <linux/module.h>
#include <linux/uprobes.h>

static int handle(struct uprobe_consumer *consumer, struct pt_regs *regs, __u64 *data)
{
	return 0;
}

void probe(struct uprobe_consumer *consumer);
void probe(struct uprobe_consumer *consumer)
{
	consumer->handler = handle;
}
MODULE_LICENSE("GPL");
