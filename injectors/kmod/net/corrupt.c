// SPDX-License-Identifier: GPL-2.0-only
/* Flipped bits. The frame is made the fault's own and its checksum finished first, or the receiver would trust what it gets. */
#include "ordeal_features.h"

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#ifdef HAVE_GSO_HEADER
#include <net/gso.h>
#endif

#include "net.h"

#define PURPOSE_SEGMENT 17
#define PURPOSE_BIT 32
#define MOST_BITS 64
/* Draws until as many different places are found as were asked for; a short part may not have them. */
#define MOST_DRAWS 1024

static void find_part(const struct net_fault *net, const struct net_layout *layout, int *from, int *to)
{
	*from = net->part == NET_PART_PAYLOAD ? layout->payload : layout->network;
	*to = net->part == NET_PART_HEADER ? layout->payload : layout->end;
}

static bool drawn_before(const u64 *places, int count, u64 place)
{
	while (count--)
		if (places[count] == place)
			return true;
	return false;
}

/* Different places, or two flips would be none. Returns how many. */
static int draw_places(const struct net_fault *net, const struct net_layout *layout, u64 index, u64 *places)
{
	int from, to, draw, count = 0;

	find_part(net, layout, &from, &to);
	if (from >= to)
		return 0;
	for (draw = 0; draw < MOST_DRAWS && count < (int)net->bits; draw++) {
		u64 place = (u64)from * 8 + ordeal_random_below(&net->fault, index, PURPOSE_BIT + draw,
								(u64)(to - from) * 8);

		if (drawn_before(places, count, place))
			continue;
		/* It will be made right again: a flip there would be undone. */
		if (net->checksum == NET_CHECKSUM_SILENT && net_is_checksum(layout, place / 8))
			continue;
		places[count++] = place;
	}
	return count;
}

/* Whether anything was flipped; otherwise the frame is as it was. */
static bool flip(struct net_fault *net, enum net_way way, struct sk_buff *skb, u64 index)
{
	struct net_layout layout;
	u64 places[MOST_BITS];
	int count, each;

	net_layout_of(skb, way, &layout);
	if (net->checksum == NET_CHECKSUM_SILENT && !net_can_mend(skb, &layout))
		return false;
	count = draw_places(net, &layout, index, places);
	if (count == 0)
		return false;
	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_csum_hwoffload_help(skb, 0))
		return false;
	if (skb_ensure_writable(skb, skb->len))
		return false;
	for (each = 0; each < count; each++)
		skb->data[places[each] / 8] ^= 1U << (places[each] % 8);
	if (net->checksum == NET_CHECKSUM_SILENT)
		net_mend_checksums(skb, &layout);
	skb->ip_summed = CHECKSUM_NONE;
	skb_clear_hash(skb);
	atomic64_add(count, &net->flipped);
	return true;
}

static struct sk_buff *corrupt_one(struct net_passage *passage, struct net_fault *net, struct sk_buff *skb, u64 index)
{
	/* Others may be reading it. */
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb) {
		atomic64_inc(&net->purged);
		return NULL;
	}
	if (flip(net, passage->way, skb, index))
		ordeal_count_effect(&net->fault);
	else
		atomic64_inc(&net->untouched);
	return skb;
}

/* A large frame as those that it would have become on the wire; NULL if it cannot be cut. */
static struct sk_buff *cut(enum net_way way, struct sk_buff *skb)
{
	netdev_features_t features = way == NET_OUT ? netif_skb_features(skb) & ~NETIF_F_GSO_MASK : NETIF_F_SG;
	int link = way == NET_IN ? skb->data - skb_mac_header(skb) : 0;
	struct sk_buff *segments, *each;

	__skb_push(skb, link);
	segments = __skb_gso_segment(skb, features, way == NET_OUT);
	__skb_pull(skb, link);
	if (IS_ERR_OR_NULL(segments))
		return NULL;
	for (each = segments; each; each = each->next)
		__skb_pull(each, link);
	return segments;
}

static u64 count_of(const struct sk_buff *segments)
{
	u64 count = 0;

	for (; segments; segments = segments->next)
		count++;
	return count;
}

struct sk_buff *net_corrupt(struct net_passage *passage, struct net_fault *net, struct sk_buff *skb, u64 index)
{
	struct sk_buff *segments, *next;
	u64 which;

	if (!skb_is_gso(skb))
		return corrupt_one(passage, net, skb, index);
	segments = cut(passage->way, skb);
	if (!segments) {
		atomic64_inc(&net->untouched);
		return skb;
	}
	passage->acceptable = false;
	consume_skb(skb);
	which = ordeal_random_below(&net->fault, index, PURPOSE_SEGMENT, count_of(segments));
	for (; segments; segments = next) {
		next = segments->next;
		skb_mark_not_on_list(segments);
		if (which-- == 0)
			segments = corrupt_one(passage, net, segments, index);
		if (segments)
			net_go_on(passage, net, segments);
	}
	return NULL;
}
