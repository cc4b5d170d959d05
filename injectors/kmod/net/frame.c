// SPDX-License-Identifier: GPL-2.0-only
/* Where in a frame its parts are. */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "net.h"

#define MOST_TAGS 2

/* On the way in the frame begins with its network header, on the way out with that of its link. */
static __be16 skip_link(const struct sk_buff *skb, enum net_way way, int *at)
{
	__be16 type = skb->protocol;
	int tags;

	*at = 0;
	if (way == NET_OUT && skb->dev->type == ARPHRD_ETHER) {
		struct ethhdr space;
		const struct ethhdr *ethernet = skb_header_pointer(skb, 0, sizeof(space), &space);

		*at = ETH_HLEN;
		type = ethernet ? ethernet->h_proto : 0;
	} else if (way == NET_OUT) {
		*at = skb_network_offset(skb);
	}
	for (tags = 0; tags < MOST_TAGS && eth_type_vlan(type); tags++) {
		struct vlan_hdr space;
		const struct vlan_hdr *tag = skb_header_pointer(skb, *at, sizeof(space), &space);

		*at += VLAN_HLEN;
		type = tag ? tag->h_vlan_encapsulated_proto : 0;
	}
	return type;
}

static bool find_ipv4(const struct sk_buff *skb, struct net_layout *layout)
{
	struct iphdr space;
	const struct iphdr *header = skb_header_pointer(skb, layout->network, sizeof(space), &space);
	int length;

	if (!header || header->version != 4 || header->ihl < 5)
		return false;
	layout->version = 4;
	layout->protocol = header->protocol;
	layout->fragment = ip_is_fragment(header);
	layout->payload = layout->network + header->ihl * 4;
	if (!(header->frag_off & htons(IP_OFFSET)))
		layout->transport = layout->payload;
	/* Those too large for the field say 0. */
	length = ntohs(header->tot_len);
	if (length >= header->ihl * 4)
		layout->end = min_t(int, layout->end, layout->network + length);
	return true;
}

static bool find_ipv6(const struct sk_buff *skb, struct net_layout *layout)
{
	struct ipv6hdr space;
	const struct ipv6hdr *header = skb_header_pointer(skb, layout->network, sizeof(space), &space);
	int start = layout->network + sizeof(space);
	__be16 fragment = 0;
	u8 protocol;

	if (!header || header->version != 6)
		return false;
	protocol = header->nexthdr;
	layout->version = 6;
	if (header->payload_len)
		layout->end = min_t(int, layout->end, start + ntohs(header->payload_len));
	start = ipv6_skip_exthdr(skb, start, &protocol, &fragment);
	layout->protocol = protocol;
	layout->fragment = fragment != 0;
	layout->payload = start < 0 ? layout->network + (int)sizeof(space) : start;
	if (start >= 0 && !(fragment & htons(IP6_OFFSET)))
		layout->transport = start;
	return true;
}

static int transport_length(const struct sk_buff *skb, const struct net_layout *layout)
{
	struct tcphdr space;
	const struct tcphdr *tcp;

	switch (layout->protocol) {
	case IPPROTO_TCP:
		tcp = skb_header_pointer(skb, layout->transport, sizeof(space), &space);
		return tcp && tcp->doff >= 5 ? tcp->doff * 4 : (int)sizeof(space);
	case IPPROTO_UDP:
		return sizeof(struct udphdr);
	case IPPROTO_ICMP:
		return sizeof(struct icmphdr);
	case IPPROTO_ICMPV6:
		return sizeof(struct icmp6hdr);
	}
	return 0;
}

void net_layout_of(const struct sk_buff *skb, enum net_way way, struct net_layout *layout)
{
	int network;
	__be16 type = skip_link(skb, way, &network);

	*layout = (struct net_layout){ .network = network, .transport = -1, .end = skb->len };
	if ((type == htons(ETH_P_IP) && find_ipv4(skb, layout)) ||
	    (type == htons(ETH_P_IPV6) && find_ipv6(skb, layout))) {
		if (layout->transport >= 0)
			layout->payload = layout->transport + transport_length(skb, layout);
		layout->payload = min(layout->payload, layout->end);
		return;
	}
	/* What cannot be told apart is header. */
	layout->payload = layout->end;
}
