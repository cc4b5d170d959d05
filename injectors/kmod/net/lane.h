/* SPDX-License-Identifier: GPL-2.0-only */
/* What lane.c and hold.c share. */
#ifndef ORDEAL_NET_LANE_H
#define ORDEAL_NET_LANE_H

#include "net.h"

/* A frame that waits. In a place of its own: all of the skb belongs to the layers around. */
struct net_held {
	struct rb_node node;
	struct sk_buff *skb;
	u64 since_ns, due_ns;
	u64 sequence;		/* among those that are due at once */
	u64 overtaken_at;	/* goes when so many have passed the lane; U64_MAX: only when it is due */
	bool timed;		/* a delay: whether it was kept is measured */
};

struct net_held *net_make_held(struct sk_buff *skb);
void net_free_held(struct net_held *held);
struct net_lane *net_lane_of(struct net_fault *net, enum net_way way, const struct sk_buff *skb);

/* With lane->lock held. */
void net_insert(struct net_lane *lane, struct net_held *held);
void net_remove(struct net_lane *lane, struct net_held *held);
struct net_held *net_first(struct net_lane *lane);
void net_set_timer(struct net_lane *lane);

/* So many frames of the fault are held no more. */
void net_count_left(struct net_fault *net, int frames);

#endif
