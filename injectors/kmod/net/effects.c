// SPDX-License-Identifier: GPL-2.0-only
/* What a fault does to a frame. */
#include <linux/netdevice.h>

#include "net.h"

/* Purposes of what is drawn; those below 16 are the core's. */
#define PURPOSE_JITTER 16

static u64 delay_ns(const struct net_fault *net, u64 index)
{
	u64 jitter = net->jitter_us * NSEC_PER_USEC;

	return net->delay_us * NSEC_PER_USEC - jitter +
	       ordeal_random_below(&net->fault, index, PURPOSE_JITTER, 2 * jitter + 1);
}

static struct sk_buff *delay(struct net_passage *passage, struct net_fault *net, struct sk_buff *skb, u64 index)
{
	if (!net_hold_for(net, passage->way, skb, delay_ns(net, index)))
		return skb;
	ordeal_count_effect(&net->fault);
	return NULL;
}

static struct sk_buff *duplicate(struct net_passage *passage, struct net_fault *net, struct sk_buff *skb)
{
	struct sk_buff_head copies;
	struct sk_buff *copy;
	u64 count;

	__skb_queue_head_init(&copies);
	for (count = 0; count < net->copies; count++) {
		copy = skb_clone(skb, GFP_ATOMIC);
		if (!copy)
			break;
		__skb_queue_tail(&copies, copy);
	}
	if (count)
		ordeal_count_effect(&net->fault);
	passage->acceptable = false;
	net_go_on(passage, net, skb);
	while ((copy = __skb_dequeue(&copies)))
		net_go_on(passage, net, copy);
	return NULL;
}

/* Goes, and takes with it those that were to wait for it. */
static struct sk_buff *overtake(struct net_passage *passage, struct net_fault *net, struct sk_buff *skb)
{
	struct sk_buff_head overtaken;
	struct sk_buff *late;

	__skb_queue_head_init(&overtaken);
	net_take_overtaken(net, passage->way, skb, &overtaken);
	if (skb_queue_empty(&overtaken))
		return skb;
	passage->acceptable = false;
	net_go_on(passage, net, skb);
	while ((late = __skb_dequeue(&overtaken)))
		net_go_on(passage, net, late);
	return NULL;
}

static struct sk_buff *reorder(struct net_passage *passage, struct net_fault *net, struct sk_buff *skb)
{
	/* Where every frame is meant, those behind the one that is held have to overtake it. */
	if (net->fault.mode.kind == ORDEAL_PERMANENT && net_holds_lane_of(net, passage->way, skb))
		return overtake(passage, net, skb);
	return net_hold_for_gap(net, passage->way, skb) ? NULL : skb;
}

/* The gate is shut, and the lane not empty yet: whoever is not to overtake waits behind. */
static struct sk_buff *stand_behind(struct net_passage *passage, struct net_fault *net, struct sk_buff *skb)
{
	bool all = net->fault.mode.kind == ORDEAL_PERMANENT || net->fault.mode.kind == ORDEAL_BURST;

	if (net->effect != NET_DELAY || !all || !net_holds_lane_of(net, passage->way, skb) ||
	    !net_filter_matches(&net->filter, skb, passage->way))
		return skb;
	net_hold_behind(net, passage->way, skb);
	return NULL;
}

struct sk_buff *net_affect(struct net_passage *passage, struct net_fault *net, struct sk_buff *skb)
{
	u64 index;

	if (!ordeal_is_open(&net->fault))
		return stand_behind(passage, net, skb);
	if (!net_filter_matches(&net->filter, skb, passage->way))
		return skb;
	if (!ordeal_choose(&net->fault, &index))
		return net->effect == NET_REORDER ? overtake(passage, net, skb) : skb;

	switch (net->effect) {
	case NET_DROP:
		ordeal_count_effect(&net->fault);
		dev_kfree_skb_any(skb);
		return NULL;
	case NET_DELAY:
		return delay(passage, net, skb, index);
	case NET_CORRUPT:
		return net_corrupt(passage, net, skb, index);
	case NET_DUPLICATE:
		return duplicate(passage, net, skb);
	case NET_REORDER:
		return reorder(passage, net, skb);
	}
	return skb;
}
