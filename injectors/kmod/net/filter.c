// SPDX-License-Identifier: GPL-2.0-only
/* Which frames a fault is about. */
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/ipv6.h>

#include "net.h"

static bool protocol_matches(const struct net_filter *filter, const struct net_layout *layout)
{
	switch (filter->protocol) {
	case NET_PROTOCOL_TCP:
		return layout->protocol == IPPROTO_TCP;
	case NET_PROTOCOL_UDP:
		return layout->protocol == IPPROTO_UDP;
	case NET_PROTOCOL_ICMP:
		return layout->protocol == (layout->version == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
	}
	/* Ports are those of TCP and UDP. */
	return filter->ranges == 0 || layout->protocol == IPPROTO_TCP || layout->protocol == IPPROTO_UDP;
}

static bool within(const struct net_filter *filter, u16 port)
{
	int index;

	for (index = 0; index < filter->ranges; index++)
		if (port >= filter->range[index].first && port <= filter->range[index].last)
			return true;
	return false;
}

static bool ports_match(const struct net_filter *filter, const struct sk_buff *skb,
			const struct net_layout *layout)
{
	__be16 space[2];
	const __be16 *ports;

	/* Later fragments have none. */
	if (layout->transport < 0)
		return false;
	ports = skb_header_pointer(skb, layout->transport, sizeof(space), space);
	return ports && (within(filter, ntohs(ports[0])) || within(filter, ntohs(ports[1])));
}

static bool prefix_matches(const struct net_prefix *prefix, const void *address)
{
	__be32 v4;

	if (prefix->v6)
		return ipv6_prefix_equal(address, &prefix->address.in6, prefix->length);
	memcpy(&v4, address, sizeof(v4));
	return prefix->length == 0 || ((v4 ^ prefix->address.v4) & htonl(~0U << (32 - prefix->length))) == 0;
}

static bool addresses_match(const struct net_filter *filter, const struct sk_buff *skb, enum net_way way,
			    const struct net_layout *layout)
{
	bool v6 = layout->version == 6;
	int at = v6 ? (way == NET_IN ? offsetof(struct ipv6hdr, saddr) : offsetof(struct ipv6hdr, daddr)) :
		      (way == NET_IN ? offsetof(struct iphdr, saddr) : offsetof(struct iphdr, daddr));
	struct in6_addr space;
	const void *remote = skb_header_pointer(skb, layout->network + at, v6 ? 16 : 4, &space);
	int index;

	for (index = 0; remote && index < filter->prefixes; index++)
		if (filter->prefix[index].v6 == v6 && prefix_matches(&filter->prefix[index], remote))
			return true;
	return false;
}

bool net_filter_matches(const struct net_filter *filter, const struct sk_buff *skb, enum net_way way)
{
	struct net_layout layout;

	if (filter->protocol == NET_PROTOCOL_ANY && filter->ranges == 0 && filter->prefixes == 0)
		return true;
	net_layout_of(skb, way, &layout);
	return layout.version != 0 && protocol_matches(filter, &layout) &&
	       (filter->ranges == 0 || ports_match(filter, skb, &layout)) &&
	       (filter->prefixes == 0 || addresses_match(filter, skb, way, &layout));
}
