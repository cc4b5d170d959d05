// SPDX-License-Identifier: GPL-2.0-only
/* How a frame comes into a lane. */
#include <linux/slab.h>
#include <net/dst.h>
#include <net/sock.h>

#include "lane.h"

/* As the time of a frame: after all that wait, whenever these are due. */
#define BEHIND_ALL U64_MAX

static bool goes_before(const struct net_held *held, const struct net_held *other)
{
	return held->due_ns != other->due_ns ? held->due_ns < other->due_ns : held->sequence < other->sequence;
}

void net_insert(struct net_lane *lane, struct net_held *held)
{
	struct rb_node **link = &lane->frames.rb_root.rb_node;
	struct rb_node *parent = NULL;
	bool first = true;

	while (*link) {
		parent = *link;
		if (goes_before(held, rb_entry(parent, struct net_held, node))) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			first = false;
		}
	}
	rb_link_node(&held->node, parent, link);
	rb_insert_color_cached(&held->node, &lane->frames, first);
	lane->count++;
}

void net_remove(struct net_lane *lane, struct net_held *held)
{
	rb_erase_cached(&held->node, &lane->frames);
	lane->count--;
}

struct net_held *net_first(struct net_lane *lane)
{
	struct rb_node *first = rb_first_cached(&lane->frames);

	return first ? rb_entry(first, struct net_held, node) : NULL;
}

void net_set_timer(struct net_lane *lane)
{
	struct net_held *held = net_first(lane);
	u64 due;

	if (!held || lane->stopped)
		return;
	/* Where the gate has been shut it is due now. */
	due = ordeal_is_open(&lane->net->fault) ? held->due_ns : 0;
	hrtimer_start(&lane->timer, ns_to_ktime(max(due, lane->not_before_ns)), HRTIMER_MODE_ABS_HARD);
}

static void raise_most(struct net_fault *net, int held)
{
	int most = atomic_read(&net->held_most);

	while (held > most) {
		int found = atomic_cmpxchg(&net->held_most, most, held);

		if (found == most)
			return;
		most = found;
	}
}

static struct net_held *begin(struct net_fault *net, struct sk_buff *skb)
{
	struct net_held *held = NULL;

	if ((u64)atomic_read(&net->held) < net->held_limit)
		held = net_make_held(skb);
	if (!held)
		atomic64_inc(&net->overflowed);
	return held;
}

/* The sockets' and routes' accounts must not wait for it: TCP would take the delay for a full queue. */
static void let_loose(struct sk_buff *skb)
{
	skb_orphan_partial(skb);
	skb_dst_force(skb);
}

static u64 latest_due(struct net_lane *lane)
{
	struct rb_node *last = rb_last(&lane->frames.rb_root);

	return last ? rb_entry(last, struct net_held, node)->due_ns : 0;
}

static void put(struct net_lane *lane, struct net_held *held, u64 delay_ns)
{
	unsigned long flags;

	let_loose(held->skb);
	raise_most(lane->net, atomic_inc_return(&lane->net->held));
	spin_lock_irqsave(&lane->lock, flags);
	held->sequence = lane->sequence++;
	/* Under the lock, so that equal delays keep the order. */
	held->since_ns = ordeal_now_ns();
	if (held->due_ns == BEHIND_ALL)
		held->due_ns = max(held->since_ns, latest_due(lane));
	else if (held->due_ns == 0)
		held->due_ns = held->since_ns + delay_ns;
	if (held->overtaken_at != U64_MAX)
		held->overtaken_at += lane->passed;
	net_insert(lane, held);
	if (net_first(lane) == held)
		net_set_timer(lane);
	spin_unlock_irqrestore(&lane->lock, flags);
}

bool net_hold_for(struct net_fault *net, enum net_way way, struct sk_buff *skb, u64 delay_ns)
{
	struct net_held *held = begin(net, skb);

	if (!held)
		return false;
	held->timed = true;
	put(net_lane_of(net, way, skb), held, delay_ns);
	return true;
}

bool net_hold_for_gap(struct net_fault *net, enum net_way way, struct sk_buff *skb)
{
	struct net_held *held = begin(net, skb);

	if (!held)
		return false;
	held->overtaken_at = net->gap;
	put(net_lane_of(net, way, skb), held, net->hold_us * NSEC_PER_USEC);
	return true;
}

static void hold(struct net_fault *net, enum net_way way, struct sk_buff *skb, u64 due_ns)
{
	struct net_held *held = net_make_held(skb);

	if (!held) {
		atomic64_inc(&net->purged);
		dev_kfree_skb_any(skb);
		return;
	}
	held->due_ns = due_ns;
	put(net_lane_of(net, way, skb), held, 0);
}

void net_hold_back(struct net_fault *net, enum net_way way, struct sk_buff *skb, u64 due_ns)
{
	hold(net, way, skb, due_ns);
}

void net_hold_behind(struct net_fault *net, enum net_way way, struct sk_buff *skb)
{
	hold(net, way, skb, BEHIND_ALL);
}

bool net_holds_lane_of(struct net_fault *net, enum net_way way, const struct sk_buff *skb)
{
	return READ_ONCE(net_lane_of(net, way, skb)->count) > 0;
}

bool net_is_stalled(struct net_fault *net, enum net_way way, const struct sk_buff *skb)
{
	struct net_lane *lane = net_lane_of(net, way, skb);

	return READ_ONCE(lane->not_before_ns) != 0 && READ_ONCE(lane->count) > 0;
}

void net_take_overtaken(struct net_fault *net, enum net_way way, const struct sk_buff *skb,
			struct sk_buff_head *overtaken)
{
	struct net_lane *lane = net_lane_of(net, way, skb);
	struct net_held *held;
	unsigned long flags;
	int count = 0;

	spin_lock_irqsave(&lane->lock, flags);
	lane->passed++;
	while ((held = net_first(lane)) && held->overtaken_at <= lane->passed) {
		net_remove(lane, held);
		__skb_queue_tail(overtaken, held->skb);
		net_free_held(held);
		count++;
		ordeal_count_effect(&net->fault);
	}
	spin_unlock_irqrestore(&lane->lock, flags);
	net_count_left(net, count);
}
