/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Faults of the network. A fault hangs on a port, which is a device whose frames are hooked; a frame's passage leads it through the faults
 * of the port, in the order of arming; what a fault holds back waits in one of its lanes.
 */
#ifndef ORDEAL_NET_H
#define ORDEAL_NET_H

#include <linux/in6.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/rbtree.h>
#include <linux/skbuff.h>
#include <linux/wait.h>

#include "ordeal.h"

#define NET_MOST_RANGES 100
#define NET_MOST_PREFIXES 100
/* A passage goes one function call deeper with each. */
#define NET_MOST_FAULTS 8

enum net_effect { NET_NO_EFFECT, NET_DROP, NET_DELAY, NET_CORRUPT, NET_DUPLICATE, NET_REORDER };
enum net_way { NET_OUT, NET_IN };
#define NET_WAYS 2
enum net_direction { NET_DIRECTION_OUT, NET_DIRECTION_IN, NET_DIRECTION_BOTH };
enum net_part { NET_PART_ANY, NET_PART_HEADER, NET_PART_PAYLOAD };
enum net_checksum { NET_CHECKSUM_WIRE, NET_CHECKSUM_SILENT };
enum net_protocol { NET_PROTOCOL_ANY, NET_PROTOCOL_TCP, NET_PROTOCOL_UDP, NET_PROTOCOL_ICMP };

struct net_range {
	u16 first, last;
};

struct net_prefix {
	bool v6;
	u8 length;
	union {
		__be32 v4;
		struct in6_addr in6;
	} address;
};

struct net_filter {
	int protocol;
	int ranges;
	struct net_range range[NET_MOST_RANGES];
	char *ranges_text;	/* as they were written; NULL is as none */
	int prefixes;
	struct net_prefix prefix[NET_MOST_PREFIXES];
	char *prefixes_text;
};

/* Where the parts of a frame are, as offsets from skb->data; -1 is: nowhere. */
struct net_layout {
	int version;	/* 4, 6, or 0 where it is not IP */
	int network;
	int transport;	/* -1 in later fragments */
	int payload;
	int end;	/* without the padding */
	u8 protocol;	/* of IP */
	bool fragment;
};

struct net_fault;

/* Frames that a fault holds back, of one way and of the queues that share the lane, in the order in which they are to go. */
struct net_lane {
	struct net_fault *net;
	enum net_way way;
	struct hrtimer timer;
	struct tasklet_struct tasklet;

	spinlock_t lock;	/* protects what follows */
	struct rb_root_cached frames;
	int count;		/* also that which is just leaving */
	u64 sequence;
	u64 passed;		/* frames in scope that were not held */
	u64 not_before_ns;	/* the device took no more: try again then; 0 is at once */
	bool stopped;
};

struct net_fault {
	struct ordeal_fault fault;

	/* The attributes: fault.lock; constant while armed. */
	u64 netns;
	char device[IFNAMSIZ];
	u64 ifindex;
	int effect, direction, part, checksum;
	u64 delay_us, jitter_us, bits, copies, gap, hold_us, held_limit;
	struct net_filter filter;

	/* While armed. */
	struct net_port *port;		/* RTNL; NULL once the device is gone */
	struct list_head of_port;	/* written under RTNL, read under RCU */
	struct net_lane *lanes;		/* those of the way out, then those of the way in; fault.lock and RTNL */
	int lanes_a_way;
	bool alone;			/* no longer among the faults of the port */
	wait_queue_head_t drained;

	/* Of the status. */
	char found[IFNAMSIZ];
	const char *hook, *limit;
	bool unhooked;
	atomic_t held, held_most, left;
	u64 drained_ns;
	atomic64_t overflowed, purged, retries, flipped, untouched, not_overtaken, bypassed;
	atomic64_t delayed, delay_sum_ns, late_sum_ns, late_most_ns;
};

/* A device that is hooked. Made and dropped under RTNL; found under RCU. */
struct net_port {
	struct hlist_node of_table;
	struct net_device *dev;
	struct list_head faults;	/* written under RTNL, read under RCU */
	int users[NET_WAYS];		/* RTNL */
	bool up;			/* may frames be handed over? */
	bool going;			/* it is being removed or moved just now; RTNL */
	bool swapped;			/* the way out is hooked by the operations, not by netfilter */
	bool abandoned;			/* somebody else's operations lead to ours: they have to stay */
	const struct net_device_ops *original;
	struct net_device_ops own;
	struct nf_hook_ops netfilter[NET_WAYS];
};

/* A frame on its way through the faults of a port. */
struct net_passage {
	struct net_port *port;
	enum net_way way;
	struct sk_buff *came;	/* with which the hook was called, or which the lane let go */
	/* In a hook of netfilter: that frame may still go on by being accepted, as nothing has to go behind it; and it did. */
	bool acceptable, accepted;
	/* In the hook of transmit: the queue that is locked already. */
	bool in_transmit;
	u16 queue;
	netdev_tx_t result;
	/* From a lane: that, and the instant the frame was due. */
	struct net_lane *lane;
	u64 due_ns;
	bool refused;	/* the device did not take the frame: back into the lane with it */
};

static inline struct net_fault *net_of(struct ordeal_fault *fault)
{
	return container_of(fault, struct net_fault, fault);
}

static inline bool net_goes(const struct net_fault *net, enum net_way way)
{
	return net->direction == NET_DIRECTION_BOTH || net->direction == (int)way;
}

/* attributes.c */
extern struct configfs_attribute *net_attributes[];
int net_refuse_senseless(struct net_fault *net);

/* frame.c */
void net_layout_of(const struct sk_buff *skb, enum net_way way, struct net_layout *layout);

/* filter.c */
bool net_filter_matches(const struct net_filter *filter, const struct sk_buff *skb, enum net_way way);

/* filter-text.c: what is wrong is told by the fault's error; returns 0 or -errno. */
int net_parse_ranges(struct ordeal_fault *fault, const char *text, size_t length, struct net_filter *filter);
int net_parse_prefixes(struct ordeal_fault *fault, const char *text, size_t length, struct net_filter *filter);

/* port.c: with RTNL held. */
struct net_device *net_find_device(struct net_fault *net);
int net_hook(struct net_fault *net, struct net_device *dev);
/* `drain`: what is held still goes out; otherwise it is purged. */
void net_unhook(struct net_fault *net, bool drain);
struct net_port *net_port_of(const struct net_device *dev);	/* RTNL or RCU */
void net_forget_device(struct net_port *port);

/* transmit.c */
int net_hook_transmit(struct net_port *port);
const char *net_transmit_limit(const struct net_port *port);
/* Whether nothing of it is left. */
bool net_unhook_transmit(struct net_port *port);
/* Hands a frame to the device: false if it takes none now. Consumes it otherwise. */
bool net_transmit(struct net_passage *passage, struct sk_buff *skb);

/* xdp.c */
void net_wrap_xdp(struct net_port *port);

/* netfilter.c */
bool net_has_egress(void);
int net_hook_netfilter(struct net_port *port, enum net_way way);
void net_unhook_netfilter(struct net_port *port, enum net_way way);
void net_reinject(enum net_way way, struct sk_buff *skb);

/* passage.c: in RCU readers with bottom halves off. */
bool net_port_touches(struct net_port *port, enum net_way way);
/* Leads the frame through the faults behind `after` (all: NULL), then out of the port. Consumes it. */
void net_go_on(struct net_passage *passage, struct net_fault *after, struct sk_buff *skb);

/* effects.c: what one fault does to one frame; returns it if it goes on as it is. */
struct sk_buff *net_affect(struct net_passage *passage, struct net_fault *net, struct sk_buff *skb);

/* corrupt.c: flips bits of a frame; a large one is cut first. Like net_affect(). */
struct sk_buff *net_corrupt(struct net_passage *passage, struct net_fault *net, struct sk_buff *skb, u64 index);
/* checksum.c */
bool net_can_mend(const struct sk_buff *skb, const struct net_layout *layout);
bool net_is_checksum(const struct net_layout *layout, int byte);
void net_mend_checksums(struct sk_buff *skb, const struct net_layout *layout);

/* lane.c */
int net_make_lanes(struct net_fault *net, struct net_device *dev);
void net_free_lanes(struct net_fault *net);
/* What is held begins to go; from hard interrupts, too. */
void net_hurry(struct net_fault *net);
/* False if the device takes no more. */
bool net_wait_until_drained(struct net_fault *net);
void net_purge_lanes(struct net_fault *net);
/* Nothing of the lanes runs afterwards; what they still hold is lost, and counted as purged. */
void net_stop_lanes(struct net_fault *net);
int net_init_lanes(void);
void net_exit_lanes(void);

/* hold.c: false if there is no room (the frame stays the caller's). */
bool net_hold_for(struct net_fault *net, enum net_way way, struct sk_buff *skb, u64 delay_ns);
bool net_hold_for_gap(struct net_fault *net, enum net_way way, struct sk_buff *skb);
/* To go at `due_ns`, 0: now, without a limit; the frame is consumed. */
void net_hold_back(struct net_fault *net, enum net_way way, struct sk_buff *skb, u64 due_ns);
/* The same, to go when all have gone that wait now. */
void net_hold_behind(struct net_fault *net, enum net_way way, struct sk_buff *skb);
bool net_holds_lane_of(struct net_fault *net, enum net_way way, const struct sk_buff *skb);
bool net_is_stalled(struct net_fault *net, enum net_way way, const struct sk_buff *skb);
/* A frame in scope was not held: those that it was the last to overtake, in order. */
void net_take_overtaken(struct net_fault *net, enum net_way way, const struct sk_buff *skb,
			struct sk_buff_head *overtaken);

#endif
