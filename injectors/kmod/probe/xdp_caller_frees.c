// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that ndo_xdp_xmit did not send are freed by its caller, no more by the driver. No declaration changed with it; this operation
 * came with the same release, and is of no use to backport.
 */
#include <linux/module.h>
#include <linux/netdevice.h>

const void *probe(const struct net_device *dev);
const void *probe(const struct net_device *dev)
{
	return dev->netdev_ops->ndo_fill_forward_path;
}
MODULE_LICENSE("GPL");
