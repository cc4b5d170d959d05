// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way out, at the boundary of the driver: a device's operations are swapped for a copy with our own transmit. Drivers that tell
 * their devices by the address of the operations would not know them any more; these are hooked by netfilter, before their queue.
 */
#include "ordeal_features.h"

#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/rtnetlink.h>
#include <net/xdp.h>
#ifdef HAVE_NETDEV_LOCK_OPS
#include <net/netdev_lock.h>
#endif

#include "net.h"

/* Kinds of virtual devices that nothing compares the operations of. */
static const char *const swapped_kinds[] = { "veth", "dummy", NULL };

/* Those whose comparison costs little, where the kernel leaves no choice. */
static const struct {
	const char *kind, *limit;
} bearable_kinds[] = {
	{ "tun", "while it is armed the tap cannot be attached to anew" },
	{ "bridge", "while it is armed the bridge is not known as one where it is put into another" },
	{ "vlan", "none" },   { "macvlan", "none" }, { "bond", "none" },
	{ "vxlan", "none" },  { "ifb", "none" },     { NULL },
};

/* Drivers of hardware that compare. */
static const char *const comparing_drivers[] = {
	"mlx5_core", "mlx4_core", "mlxsw_spectrum", "ice", "ixgbe", "sfc", "sfc_siena", "nfp", "cxgb4", "bnxt_en",
	"hv_netvsc", "mscc_felix", "ocelot", NULL,
};

static bool among(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static bool may_swap(const struct net_device *dev)
{
	if (dev->rtnl_link_ops)
		return among(swapped_kinds, dev->rtnl_link_ops->kind);
	return !dev->dev.parent || !dev->dev.parent->driver ||
	       !among(comparing_drivers, dev->dev.parent->driver->name);
}

static const char *bearable_limit(const struct net_device *dev)
{
	int index;

	for (index = 0; dev->rtnl_link_ops && bearable_kinds[index].kind; index++)
		if (strcmp(bearable_kinds[index].kind, dev->rtnl_link_ops->kind) == 0)
			return bearable_kinds[index].limit;
	return NULL;
}

static netdev_tx_t on_transmit(struct sk_buff *skb, struct net_device *dev)
{
	struct net_passage passage = { .way = NET_OUT, .came = skb, .in_transmit = true, .result = NETDEV_TX_OK };
	struct net_port *port;

	rcu_read_lock();
	port = net_port_of(dev);
	if (unlikely(!port)) {
		/* Only where another's operations still lead here, and the device is gone. */
		dev_kfree_skb_any(skb);
	} else if (!net_port_touches(port, NET_OUT)) {
		passage.result = port->original->ndo_start_xmit(skb, dev);
	} else {
		passage.port = port;
		passage.queue = skb_get_queue_mapping(skb);
		net_go_on(&passage, NULL, skb);
	}
	rcu_read_unlock();
	return passage.result;
}

/* Never told that more will follow: that may be dropped or held, and what came before would wait for it. */
static bool start(struct net_port *port, struct netdev_queue *queue, struct sk_buff *skb, netdev_tx_t *result)
{
	if (netif_xmit_frozen_or_drv_stopped(queue))
		return false;
	*result = __netdev_start_xmit(port->original, skb, port->dev, false);
	if (*result == NETDEV_TX_OK)
		WRITE_ONCE(queue->trans_start, jiffies);
	return dev_xmit_complete(*result);
}

bool net_transmit(struct net_passage *passage, struct sk_buff *skb)
{
	struct net_device *dev = passage->port->dev;
	u16 index = skb_get_queue_mapping(skb);
	netdev_tx_t result = NETDEV_TX_OK;
	struct netdev_queue *queue;
	bool taken;

	/* The number of queues may have changed while it was held. */
	if (unlikely(index >= dev->real_num_tx_queues)) {
		index %= dev->real_num_tx_queues;
		skb_set_queue_mapping(skb, index);
	}
	queue = netdev_get_tx_queue(dev, index);
	if (passage->in_transmit) {
		/* The lock that is held is that of another queue. */
		if (index != passage->queue)
			return false;
		taken = start(passage->port, queue, skb, &result);
		if (taken)
			passage->result = result;
		return taken;
	}
	HARD_TX_LOCK(dev, queue, smp_processor_id());
	taken = start(passage->port, queue, skb, &result);
	HARD_TX_UNLOCK(dev, queue);
	return taken;
}

static void swap_operations(struct net_port *port, const struct net_device_ops *operations)
{
#ifdef HAVE_NETDEV_LOCK_OPS
	/* Some drivers' operations are called without the RTNL, under the lock of the device; who takes a device away holds it. */
	if (!port->going)
		netdev_lock_ops(port->dev);
#endif
	WRITE_ONCE(port->dev->netdev_ops, operations);
#ifdef HAVE_NETDEV_LOCK_OPS
	if (!port->going)
		netdev_unlock_ops(port->dev);
#endif
}

static void hook_operations(struct net_port *port)
{
	const struct net_device_ops *found = port->dev->netdev_ops;

	/* From before, when somebody had put their own over it: they still lead here. */
	if (port->abandoned && found != port->original)
		return;
	port->original = found;
	port->own = *found;
	port->own.ndo_start_xmit = on_transmit;
	net_wrap_xdp(port);
	swap_operations(port, &port->own);
}

const char *net_transmit_limit(const struct net_port *port)
{
	return !port->swapped || may_swap(port->dev) ? "none" : bearable_limit(port->dev);
}

int net_hook_transmit(struct net_port *port)
{
	port->swapped = port->abandoned || may_swap(port->dev);
	if (!port->swapped && net_has_egress())
		return net_hook_netfilter(port, NET_OUT);
	if (!port->swapped && !bearable_limit(port->dev))
		return -EOPNOTSUPP;
	port->swapped = true;
	hook_operations(port);
	return 0;
}

bool net_unhook_transmit(struct net_port *port)
{
	if (!port->swapped) {
		net_unhook_netfilter(port, NET_OUT);
		return true;
	}
	if (port->dev->netdev_ops == &port->own) {
		swap_operations(port, port->original);
		if (port->abandoned)
			module_put(THIS_MODULE);
		port->abandoned = false;
		return true;
	}
	/* Another's copy leads to ours. To put ours back would take theirs out; to go would leave them a pointer to nothing. */
	if (!port->abandoned)
		__module_get(THIS_MODULE);
	port->abandoned = true;
	return false;
}
