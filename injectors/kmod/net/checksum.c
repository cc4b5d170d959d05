// SPDX-License-Identifier: GPL-2.0-only
/* The checksums of IP and of what it carries, made right again over what was changed. */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>

#include "net.h"

/* Where in the transport's header its checksum is; -1: none that is known. */
static int checksum_at(const struct net_layout *layout)
{
	switch (layout->protocol) {
	case IPPROTO_TCP:
		return offsetof(struct tcphdr, check);
	case IPPROTO_UDP:
		return offsetof(struct udphdr, check);
	case IPPROTO_ICMP:
		return offsetof(struct icmphdr, checksum);
	case IPPROTO_ICMPV6:
		return offsetof(struct icmp6hdr, icmp6_cksum);
	}
	return -1;
}

static bool has_transport_checksum(const struct net_layout *layout)
{
	return layout->version != 0 && layout->transport >= 0 && !layout->fragment && checksum_at(layout) >= 0 &&
	       layout->transport + checksum_at(layout) + 2 <= layout->end;
}

/* Of a fragment, and of SCTP, the sum cannot be told from what is there. */
bool net_can_mend(const struct sk_buff *skb, const struct net_layout *layout)
{
	if (layout->version == 0)
		return true;
	return !layout->fragment && layout->protocol != IPPROTO_SCTP &&
	       (checksum_at(layout) < 0 || has_transport_checksum(layout));
}

bool net_is_checksum(const struct net_layout *layout, int byte)
{
	int of_ip = layout->network + (int)offsetof(struct iphdr, check);
	int of_transport = layout->transport + checksum_at(layout);

	return (layout->version == 4 && (byte == of_ip || byte == of_ip + 1)) ||
	       (has_transport_checksum(layout) && (byte == of_transport || byte == of_transport + 1));
}

static void mend_ip(struct iphdr *header, int length)
{
	header->check = 0;
	header->check = ip_fast_csum(header, length / 4);
}

static __sum16 sum(const struct sk_buff *skb, const struct net_layout *layout)
{
	int length = layout->end - layout->transport;
	__wsum data = skb_checksum(skb, layout->transport, length, 0);
	const void *network = skb->data + layout->network;
	const struct iphdr *ip = network;
	const struct ipv6hdr *ipv6 = network;

	if (layout->protocol == IPPROTO_ICMP)
		return csum_fold(data);
	if (layout->version == 4)
		return csum_tcpudp_magic(ip->saddr, ip->daddr, length, layout->protocol, data);
	return csum_ipv6_magic(&ipv6->saddr, &ipv6->daddr, length, layout->protocol, data);
}

/* Of the layout before the change. All of the frame is writable. */
void net_mend_checksums(struct sk_buff *skb, const struct net_layout *layout)
{
	int header = layout->transport >= 0 ? layout->transport - layout->network : layout->payload - layout->network;
	__sum16 *checksum;

	if (layout->version == 4)
		mend_ip((struct iphdr *)(skb->data + layout->network), header);
	if (!has_transport_checksum(layout))
		return;
	checksum = (__sum16 *)(skb->data + layout->transport + checksum_at(layout));
	/* A sender that sent none sends none. */
	if (layout->protocol == IPPROTO_UDP && layout->version == 4 && *checksum == 0)
		return;
	*checksum = 0;
	*checksum = sum(skb, layout);
	if (*checksum == 0 && layout->protocol == IPPROTO_UDP)
		*checksum = CSUM_MANGLED_0;
}
