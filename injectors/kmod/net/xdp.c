// SPDX-License-Identifier: GPL-2.0-only
/*
 * What leaves a device without being a packet of the kernel's: frames that XDP sends on, and the rings of AF_XDP. Both are dropped where
 * everything is; what a fault can do nothing to passes it, and is counted as bypassed.
 */
#include <linux/netdevice.h>
#include <net/xdp.h>

#include "net.h"

static bool cuts_all(const struct net_fault *net)
{
	const struct net_filter *filter = &net->filter;

	return net->effect == NET_DROP && filter->protocol == NET_PROTOCOL_ANY && !filter->ranges && !filter->prefixes;
}

/* Whether the frame is to go on. */
static bool passes(struct net_port *port)
{
	struct net_fault *net;
	u64 index;

	list_for_each_entry_rcu(net, &port->faults, of_port) {
		if (!net_goes(net, NET_OUT) || !ordeal_is_open(&net->fault))
			continue;
		if (!cuts_all(net)) {
			atomic64_inc(&net->bypassed);
		} else if (ordeal_choose(&net->fault, &index)) {
			ordeal_count_effect(&net->fault);
			return false;
		}
	}
	return true;
}

/* Those that go on come first, in order; returns how many. */
static int part(struct net_port *port, int count, struct xdp_frame **frames)
{
	int going = 0, index;

	for (index = 0; index < count; index++)
		if (passes(port))
			swap(frames[going++], frames[index]);
	return going;
}

static int on_xdp_transmit(struct net_device *dev, int count, struct xdp_frame **frames, u32 flags)
{
	struct net_port *port;
	int sent = -ENXIO;
	int going;

	rcu_read_lock();
	port = net_port_of(dev);
	if (port && !net_port_touches(port, NET_OUT)) {
		sent = port->original->ndo_xdp_xmit(dev, count, frames, flags);
	} else if (port) {
		going = part(port, count, frames);
		sent = going ? port->original->ndo_xdp_xmit(dev, going, frames, flags) : 0;
#ifndef HAVE_XDP_CALLER_FREES
		/* On an error the caller frees them all. */
		while (sent >= 0 && going < count)
			xdp_return_frame_rx_napi(frames[going++]);
#endif
	}
	rcu_read_unlock();
	return sent;
}

static int on_wakeup(struct net_device *dev, u32 queue, u32 flags)
{
	struct net_port *port;
	int result = -ENETDOWN;

	rcu_read_lock();
	port = net_port_of(dev);
	if (port && (!(flags & XDP_WAKEUP_TX) || !net_port_touches(port, NET_OUT) || passes(port)))
		result = port->original->ndo_xsk_wakeup(dev, queue, flags);
	rcu_read_unlock();
	return result;
}

void net_wrap_xdp(struct net_port *port)
{
	if (port->original->ndo_xdp_xmit)
		port->own.ndo_xdp_xmit = on_xdp_transmit;
	if (port->original->ndo_xsk_wakeup)
		port->own.ndo_xsk_wakeup = on_wakeup;
}
