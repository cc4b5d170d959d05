// SPDX-License-Identifier: GPL-2.0-only
/* The kind "net": a fault's life from its arming to its end, and what becomes of it when its device goes. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "net.h"

#define DEFAULT_HELD_LIMIT 65536
#define DEFAULT_GAP 3
#define DEFAULT_HOLD_US 100000

static struct ordeal_fault *make(void)
{
	struct net_fault *net = kzalloc(sizeof(*net), GFP_KERNEL);

	if (!net)
		return ERR_PTR(-ENOMEM);
	net->bits = 1;
	net->copies = 1;
	net->gap = DEFAULT_GAP;
	net->hold_us = DEFAULT_HOLD_US;
	net->held_limit = DEFAULT_HELD_LIMIT;
	net->hook = "none";
	net->limit = "none";
	net->unhooked = true;
	INIT_LIST_HEAD(&net->of_port);
	init_waitqueue_head(&net->drained);
	return &net->fault;
}

static void free_fault(struct ordeal_fault *fault)
{
	struct net_fault *net = net_of(fault);

	kfree(net->filter.ranges_text);
	kfree(net->filter.prefixes_text);
	kfree(net);
}

static void forget_counts(struct net_fault *net)
{
	atomic_set(&net->held, 0);
	atomic_set(&net->held_most, 0);
	net->drained_ns = 0;
	atomic64_set(&net->overflowed, 0);
	atomic64_set(&net->purged, 0);
	atomic64_set(&net->retries, 0);
	atomic64_set(&net->flipped, 0);
	atomic64_set(&net->untouched, 0);
	atomic64_set(&net->not_overtaken, 0);
	atomic64_set(&net->bypassed, 0);
	atomic64_set(&net->delayed, 0);
	atomic64_set(&net->delay_sum_ns, 0);
	atomic64_set(&net->late_sum_ns, 0);
	atomic64_set(&net->late_most_ns, 0);
}

static int hook_found(struct net_fault *net, struct net_device *dev)
{
	int error = net_make_lanes(net, dev);

	if (error)
		return error;
	strscpy(net->found, dev->name, IFNAMSIZ);
	error = net_hook(net, dev);
	if (error)
		net_free_lanes(net);
	return error;
}

static int arm(struct ordeal_fault *fault)
{
	struct net_fault *net = net_of(fault);
	struct net_device *dev;
	int error = net_refuse_senseless(net);

	if (error)
		return error;
	forget_counts(net);
	rtnl_lock();
	dev = net_find_device(net);
	error = IS_ERR(dev) ? PTR_ERR(dev) : hook_found(net, dev);
	rtnl_unlock();
	return error;
}

static void release(struct ordeal_fault *fault)
{
	struct net_fault *net = net_of(fault);
	/* Still hooked, so that new frames stand behind those that are held. */
	bool drained = net_wait_until_drained(net);

	rtnl_lock();
	if (net->port)
		net_unhook(net, drained);
	rtnl_unlock();
	net_free_lanes(net);
}

static void closed(struct ordeal_fault *fault)
{
	net_hurry(net_of(fault));
}

static long long read(const atomic64_t *count)
{
	return atomic64_read(count);
}

static int show(struct ordeal_fault *fault, char *page, int at)
{
	struct net_fault *net = net_of(fault);

	at += scnprintf(page + at, PAGE_SIZE - at,
			"device: %s\nhook: %s\nlimit: %s\nunhooked: %s\nheld: %d\nheld_most: %d\noverflowed: %lld\n"
			"purged: %lld\nretries: %lld\ndrained_ns: %llu\n",
			net->found, net->hook, net->limit, net->unhooked ? "yes" : "no", atomic_read(&net->held),
			atomic_read(&net->held_most), read(&net->overflowed), read(&net->purged), read(&net->retries),
			READ_ONCE(net->drained_ns));
	at += scnprintf(page + at, PAGE_SIZE - at,
			"delayed: %lld\ndelay_sum_ns: %lld\ndelay_late_sum_ns: %lld\ndelay_late_max_ns: %lld\n"
			"bits_flipped: %lld\nuntouched: %lld\nnot_overtaken: %lld\nbypassed: %lld\n",
			read(&net->delayed), read(&net->delay_sum_ns), read(&net->late_sum_ns),
			read(&net->late_most_ns), read(&net->flipped), read(&net->untouched),
			read(&net->not_overtaken), read(&net->bypassed));
	return at;
}

/* The device is there no more, or no more where the fault was asked for. */
static void end_all(struct net_port *port)
{
	struct net_device *dev = port->dev;
	const char *reason = dev->reg_state == NETREG_UNREGISTERING ? "the device was removed" :
								      "the device was moved to another network namespace";

	port->going = true;
	/* Looked for each time: it goes with its last fault. */
	while ((port = net_port_of(dev)) && !list_empty(&port->faults)) {
		struct net_fault *net = list_first_entry(&port->faults, struct net_fault, of_port);

		ordeal_end(&net->fault, reason);
		net_unhook(net, false);
	}
	if (!port)
		return;
	port->going = false;
	if (dev->reg_state == NETREG_UNREGISTERING)
		net_forget_device(port);
}

static void purge_all(struct net_port *port)
{
	struct net_fault *net;

	WRITE_ONCE(port->up, false);
	/* Who saw it up is done with it afterwards. */
	synchronize_net();
	list_for_each_entry(net, &port->faults, of_port)
		net_purge_lanes(net);
}

static int on_event(struct notifier_block *block, unsigned long event, void *pointer)
{
	struct net_device *dev = netdev_notifier_info_to_dev(pointer);
	struct net_port *port = net_port_of(dev);

	if (!port)
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_UP:
		WRITE_ONCE(port->up, true);
		break;
	case NETDEV_GOING_DOWN:
		purge_all(port);
		break;
	case NETDEV_UNREGISTER:
		end_all(port);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = on_event };

static struct ordeal_kind kind = {
	.name = "net",
	.owner = THIS_MODULE,
	.attributes = { net_attributes },
	.make = make,
	.free = free_fault,
	.arm = arm,
	.release = release,
	.closed = closed,
	.show = show,
};

static int __init net_init(void)
{
	int error = net_init_lanes();

	if (error)
		return error;
	error = register_netdevice_notifier(&notifier);
	if (error)
		goto err_lanes;
	error = ordeal_register_kind(&kind);
	if (error)
		goto err_notifier;
	return 0;

err_notifier:
	unregister_netdevice_notifier(&notifier);
err_lanes:
	net_exit_lanes();
	return error;
}

static void __exit net_exit(void)
{
	ordeal_unregister_kind(&kind);
	unregister_netdevice_notifier(&notifier);
	net_exit_lanes();
}

module_init(net_init);
module_exit(net_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Ordeal: faults of network interfaces");
