// SPDX-License-Identifier: GPL-2.0-only
/* A frame's way through the faults of its port, and out of it. */
#include <linux/netdevice.h>

#include "net.h"

bool net_port_touches(struct net_port *port, enum net_way way)
{
	struct net_fault *net;

	list_for_each_entry_rcu(net, &port->faults, of_port)
		if (net_goes(net, way) && (ordeal_is_open(&net->fault) || atomic_read(&net->held) > 0))
			return true;
	return false;
}

static struct net_fault *next_fault(struct net_port *port, struct net_fault *after, enum net_way way)
{
	struct list_head *at = after ? &after->of_port : &port->faults;
	struct net_fault *net;

	while ((net = list_next_or_null_rcu(&port->faults, at, struct net_fault, of_port))) {
		if (net_goes(net, way))
			return net;
		at = &net->of_port;
	}
	return NULL;
}

/* Where a frame waits that the device did not take: behind all that faults do. */
static struct net_fault *last_fault(struct net_passage *passage)
{
	struct net_fault *net, *last = passage->lane ? passage->lane->net : NULL;

	if (last && READ_ONCE(last->alone))
		return last;
	while ((net = next_fault(passage->port, last, passage->way)))
		last = net;
	return last;
}

static void refuse(struct net_passage *passage, struct net_fault *last, struct sk_buff *skb)
{
	if (!last && skb == passage->came) {
		/* The faults went in the meantime: whoever sends tries again. */
		passage->result = NETDEV_TX_BUSY;
	} else if (!last) {
		dev_kfree_skb_any(skb);
	} else if (passage->lane && passage->lane->net == last && skb == passage->came) {
		atomic64_inc(&last->retries);
		passage->refused = true;
	} else {
		atomic64_inc(&last->retries);
		net_hold_back(last, NET_OUT, skb, passage->due_ns);
	}
}

static void send(struct net_passage *passage, struct sk_buff *skb)
{
	struct net_fault *last = last_fault(passage);
	bool of_last = passage->lane && passage->lane->net == last;

	/* Others stand in front of it. */
	if (last && !of_last && net_is_stalled(last, NET_OUT, skb))
		net_hold_back(last, NET_OUT, skb, passage->due_ns);
	else if (!net_transmit(passage, skb))
		refuse(passage, last, skb);
}

static void purge(struct net_passage *passage, struct sk_buff *skb)
{
	struct net_fault *last = last_fault(passage);

	if (last)
		atomic64_inc(&last->purged);
	dev_kfree_skb_any(skb);
}

static void leave(struct net_passage *passage, struct sk_buff *skb)
{
	if (skb == passage->came && passage->acceptable)
		passage->accepted = true;
	else if (!READ_ONCE(passage->port->up))
		purge(passage, skb);
	else if (passage->way == NET_OUT && passage->port->swapped)
		send(passage, skb);
	else
		net_reinject(passage->way, skb);
}

void net_go_on(struct net_passage *passage, struct net_fault *after, struct sk_buff *skb)
{
	struct net_fault *net = after;

	if (!after || !READ_ONCE(after->alone)) {
		while ((net = next_fault(passage->port, net, passage->way))) {
			skb = net_affect(passage, net, skb);
			if (!skb)
				return;
		}
	}
	leave(passage, skb);
}
