// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lanes: frames wait in them in the order of their time; a hard timer wakes a tasklet, which hands them over. So a lane hands over
 * one after the other, and no load on the CPUs holds it up but that of interrupts.
 */
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "lane.h"

/* More lanes than this share work among CPUs no better. */
#define MOST_LANES 16
/* Frames in one go; others want the CPU too. */
#define FRAMES_A_GO 64
/* How long a device that took no frame is left alone: some frames' time on a slow one. */
#define RETRY_NS (100 * NSEC_PER_USEC)
/* A device that takes nothing for so long is stuck, and what is held for it is lost. */
#define STUCK_JIFFIES (2 * HZ)
#define LONGEST_DRAIN_JIFFIES (30 * HZ)

static struct kmem_cache *all_held;

struct net_held *net_make_held(struct sk_buff *skb)
{
	struct net_held *held = kmem_cache_alloc(all_held, GFP_ATOMIC | __GFP_NOWARN);

	if (!held)
		return NULL;
	*held = (struct net_held){ .skb = skb, .overtaken_at = U64_MAX };
	return held;
}

void net_free_held(struct net_held *held)
{
	kmem_cache_free(all_held, held);
}

struct net_lane *net_lane_of(struct net_fault *net, enum net_way way, const struct sk_buff *skb)
{
	u16 queue = way == NET_OUT ? skb_get_queue_mapping(skb) :
				     skb_rx_queue_recorded(skb) ? skb_get_rx_queue(skb) : 0;

	return &net->lanes[way * net->lanes_a_way + queue % net->lanes_a_way];
}

void net_count_left(struct net_fault *net, int frames)
{
	atomic_add(frames, &net->left);
	if (frames == 0 || atomic_sub_return(frames, &net->held) > 0)
		return;
	if (!ordeal_is_open(&net->fault))
		WRITE_ONCE(net->drained_ns, ordeal_now_ns());
	wake_up(&net->drained);
}

static bool is_due(struct net_lane *lane, const struct net_held *held, u64 now)
{
	return held->due_ns <= now || held->overtaken_at <= lane->passed || !ordeal_is_open(&lane->net->fault);
}

/* Takes the next that is to go out of the lane; NULL, with the timer set, if it is not time yet. */
static struct net_held *take_due(struct net_lane *lane)
{
	u64 now = ordeal_now_ns();
	struct net_held *held;
	unsigned long flags;

	spin_lock_irqsave(&lane->lock, flags);
	held = net_first(lane);
	if (held && (now < lane->not_before_ns || !is_due(lane, held, now)))
		held = NULL;
	if (held) {
		rb_erase_cached(&held->node, &lane->frames);
	} else {
		net_set_timer(lane);
	}
	spin_unlock_irqrestore(&lane->lock, flags);
	return held;
}

static void raise_to(atomic64_t *most, s64 value)
{
	s64 found = atomic64_read(most);

	while (value > found) {
		s64 before = atomic64_cmpxchg(most, found, value);

		if (before == found)
			return;
		found = before;
	}
}

static void measure(struct net_fault *net, const struct net_held *held)
{
	u64 now = ordeal_now_ns();

	if (held->overtaken_at != U64_MAX)
		atomic64_inc(&net->not_overtaken);
	/* Those that the end let go early say nothing about the delay. */
	if (!held->timed || now < held->due_ns)
		return;
	atomic64_inc(&net->delayed);
	atomic64_add(now - held->since_ns, &net->delay_sum_ns);
	atomic64_add(now - held->due_ns, &net->late_sum_ns);
	raise_to(&net->late_most_ns, now - held->due_ns);
}

/* False if the device took nothing. */
static bool hand_over(struct net_lane *lane, struct net_held *held)
{
	struct net_fault *net = lane->net;
	struct net_passage passage = {
		.port = net->port, .way = lane->way, .came = held->skb, .lane = lane, .due_ns = held->due_ns,
	};
	unsigned long flags;

	rcu_read_lock();
	net_go_on(&passage, net, held->skb);
	rcu_read_unlock();

	if (!passage.refused)
		measure(net, held);
	spin_lock_irqsave(&lane->lock, flags);
	lane->not_before_ns = passage.refused ? ordeal_now_ns() + RETRY_NS : 0;
	lane->count--;
	if (passage.refused) {
		net_insert(lane, held);
		net_set_timer(lane);
	}
	spin_unlock_irqrestore(&lane->lock, flags);
	return !passage.refused;
}

static void let_go(struct tasklet_struct *tasklet)
{
	struct net_lane *lane = container_of(tasklet, struct net_lane, tasklet);
	int left;

	for (left = 0; left < FRAMES_A_GO; left++) {
		struct net_held *held = take_due(lane);

		if (!held || !hand_over(lane, held))
			break;
		net_free_held(held);
		net_count_left(lane->net, 1);
	}
	if (left == FRAMES_A_GO)
		tasklet_hi_schedule(&lane->tasklet);
}

static enum hrtimer_restart on_time(struct hrtimer *timer)
{
	tasklet_hi_schedule(&container_of(timer, struct net_lane, timer)->tasklet);
	return HRTIMER_NORESTART;
}

static void init_lane(struct net_lane *lane, struct net_fault *net, enum net_way way)
{
	lane->net = net;
	lane->way = way;
	lane->frames = RB_ROOT_CACHED;
	spin_lock_init(&lane->lock);
	tasklet_setup(&lane->tasklet, let_go);
#ifdef HAVE_HRTIMER_SETUP
	hrtimer_setup(&lane->timer, on_time, CLOCK_BOOTTIME, HRTIMER_MODE_ABS_HARD);
#else
	hrtimer_init(&lane->timer, CLOCK_BOOTTIME, HRTIMER_MODE_ABS_HARD);
	lane->timer.function = on_time;
#endif
}

int net_make_lanes(struct net_fault *net, struct net_device *dev)
{
	int a_way = clamp_t(int, dev->real_num_tx_queues, 1, MOST_LANES);
	int index;

	net->lanes = kcalloc(a_way * NET_WAYS, sizeof(*net->lanes), GFP_KERNEL);
	if (!net->lanes)
		return -ENOMEM;
	net->lanes_a_way = a_way;
	for (index = 0; index < a_way * NET_WAYS; index++)
		init_lane(&net->lanes[index], net, index < a_way ? NET_OUT : NET_IN);
	return 0;
}

static int lane_count(const struct net_fault *net)
{
	return net->lanes ? net->lanes_a_way * NET_WAYS : 0;
}

void net_hurry(struct net_fault *net)
{
	int index;

	for (index = 0; index < lane_count(net); index++)
		tasklet_hi_schedule(&net->lanes[index].tasklet);
}

bool net_wait_until_drained(struct net_fault *net)
{
	unsigned long until = jiffies + LONGEST_DRAIN_JIFFIES;
	int before;

	do {
		before = atomic_read(&net->left);
		wait_event_timeout(net->drained, atomic_read(&net->held) == 0, STUCK_JIFFIES);
	} while (atomic_read(&net->held) > 0 && atomic_read(&net->left) != before && time_before(jiffies, until));
	return atomic_read(&net->held) == 0;
}

static void purge(struct net_lane *lane)
{
	struct net_held *held;
	unsigned long flags;
	int purged = 0;

	for (;;) {
		spin_lock_irqsave(&lane->lock, flags);
		held = net_first(lane);
		if (held)
			net_remove(lane, held);
		spin_unlock_irqrestore(&lane->lock, flags);
		if (!held)
			break;
		dev_kfree_skb_any(held->skb);
		net_free_held(held);
		purged++;
	}
	atomic64_add(purged, &lane->net->purged);
	net_count_left(lane->net, purged);
}

void net_purge_lanes(struct net_fault *net)
{
	int index;

	for (index = 0; index < lane_count(net); index++)
		purge(&net->lanes[index]);
}

static void stop(struct net_lane *lane)
{
	unsigned long flags;

	spin_lock_irqsave(&lane->lock, flags);
	lane->stopped = true;
	spin_unlock_irqrestore(&lane->lock, flags);
	hrtimer_cancel(&lane->timer);
	tasklet_kill(&lane->tasklet);
}

void net_stop_lanes(struct net_fault *net)
{
	int index;

	for (index = 0; index < lane_count(net); index++)
		stop(&net->lanes[index]);
	net_purge_lanes(net);
}

void net_free_lanes(struct net_fault *net)
{
	net_stop_lanes(net);
	kfree(net->lanes);
	net->lanes = NULL;
}

int net_init_lanes(void)
{
	all_held = KMEM_CACHE(net_held, 0);
	return all_held ? 0 : -ENOMEM;
}

void net_exit_lanes(void)
{
	kmem_cache_destroy(all_held);
}
