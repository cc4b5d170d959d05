// SPDX-License-Identifier: GPL-2.0-only
/* uprobe_register() answers what is to be unregistered, in two steps. */
#include <linux/module.h>
#include <linux/uprobes.h>

void probe(struct inode *inode, struct uprobe_consumer *consumer);
void probe(struct inode *inode, struct uprobe_consumer *consumer)
{
	uprobe_unregister_nosync(uprobe_register(inode, 0, 0, consumer), consumer);
	uprobe_unregister_sync();
}
MODULE_LICENSE("GPL");
