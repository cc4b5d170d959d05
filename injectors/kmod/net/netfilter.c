// SPDX-License-Identifier: GPL-2.0-only
/* Hooks of netfilter on a device: the way in, and the way out where the operations have to be left alone. */
#include "ordeal_features.h"

#include <linux/netfilter.h>
#ifdef HAVE_NETFILTER_EGRESS
#include <linux/netfilter_netdev.h>
#endif

#include "net.h"

bool net_has_egress(void)
{
#ifdef HAVE_NETFILTER_EGRESS
	return true;
#else
	return false;
#endif
}

static unsigned int on_frame(struct net_port *port, enum net_way way, struct sk_buff *skb)
{
	struct net_passage passage = { .port = port, .way = way, .came = skb, .acceptable = true };

	if (!net_port_touches(port, way))
		return NF_ACCEPT;
	net_go_on(&passage, NULL, skb);
	return passage.accepted ? NF_ACCEPT : NF_STOLEN;
}

static unsigned int on_ingress(void *port, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return on_frame(port, NET_IN, skb);
}

/* Behind the hook: it does not come by a second time. */
void net_reinject(enum net_way way, struct sk_buff *skb)
{
	if (way == NET_IN) {
		/* When it was received, for whoever asks the kernel for that: now, as if the wire had been longer. */
		if (skb->tstamp)
			__net_timestamp(skb);
		/* As from a redirection: past the hooks, and the captures that have seen it. */
		skb->tc_skip_classify = 1;
		netif_receive_skb_core(skb);
		return;
	}
#ifdef HAVE_NETFILTER_EGRESS
	nf_skip_egress(skb, true);
	dev_queue_xmit(skb);
#else
	kfree_skb(skb);
#endif
}

#ifdef HAVE_NETFILTER_EGRESS
static unsigned int on_egress(void *port, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return on_frame(port, NET_OUT, skb);
}
#endif

int net_hook_netfilter(struct net_port *port, enum net_way way)
{
	struct nf_hook_ops *hook = &port->netfilter[way];

	*hook = (struct nf_hook_ops){
		.hook = on_ingress,
		.hooknum = NF_NETDEV_INGRESS,
		.pf = NFPROTO_NETDEV,
		.priv = port,
		.dev = port->dev,
		/* Last: what is held has been through the others' rules, and need not pass them again. */
		.priority = INT_MAX,
	};
#ifdef HAVE_NETFILTER_EGRESS
	if (way == NET_OUT) {
		hook->hook = on_egress;
		hook->hooknum = NF_NETDEV_EGRESS;
	}
#endif
	return nf_register_net_hook(dev_net(port->dev), hook);
}

void net_unhook_netfilter(struct net_port *port, enum net_way way)
{
	nf_unregister_net_hook(dev_net(port->dev), &port->netfilter[way]);
}
