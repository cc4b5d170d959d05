// SPDX-License-Identifier: GPL-2.0-only
/* Some drivers' operations are called under a lock of the device, without the RTNL. */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <net/netdev_lock.h>

void probe(struct net_device *dev);
void probe(struct net_device *dev)
{
	netdev_lock_ops(dev);
	netdev_unlock_ops(dev);
}
MODULE_LICENSE("GPL");
