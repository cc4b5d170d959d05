// SPDX-License-Identifier: GPL-2.0-only
/* Netfilter hooks what leaves a device. */
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netfilter_netdev.h>

#ifndef CONFIG_NETFILTER_EGRESS
#error not configured
#endif

int probe(struct sk_buff *skb);
int probe(struct sk_buff *skb)
{
	nf_skip_egress(skb, true);
	return NF_NETDEV_EGRESS;
}
MODULE_LICENSE("GPL");
