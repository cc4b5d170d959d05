// SPDX-License-Identifier: GPL-2.0-only
/* The devices that are hooked, each once, for however many faults. */
#include <linux/hashtable.h>
#include <linux/nsproxy.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "net.h"

static DEFINE_HASHTABLE(ports, 6);

struct net_port *net_port_of(const struct net_device *dev)
{
	struct net_port *port;

	hash_for_each_possible_rcu(ports, port, of_table, (unsigned long)dev, rtnl_is_locked())
		if (port->dev == dev)
			return port;
	return NULL;
}

static struct net *find_namespace(u64 inode)
{
	struct net *net, *found = NULL;

	if (inode == 0)
		return get_net(current->nsproxy->net_ns);
	down_read(&net_rwsem);
	for_each_net(net) {
		if (net->ns.inum == inode)
			found = maybe_get_net(net);
	}
	up_read(&net_rwsem);
	return found;
}

struct net_device *net_find_device(struct net_fault *net)
{
	struct ordeal_fault *fault = &net->fault;
	struct net *namespace = find_namespace(net->netns);
	struct net_device *dev;

	if (!namespace)
		return ERR_PTR(ordeal_refuse(fault, -ENODEV, "netns: there is no network namespace with inode %llu",
					     net->netns));
	if (net->ifindex)
		dev = __dev_get_by_index(namespace, net->ifindex);
	else
		dev = __dev_get_by_name(namespace, net->device);
	/* Whoever takes the device out of it has to take the RTNL first. */
	put_net(namespace);
	if (!dev && net->ifindex)
		return ERR_PTR(ordeal_refuse(fault, -ENODEV, "ifindex: there is no device %llu in this network namespace",
					     net->ifindex));
	if (!dev)
		return ERR_PTR(ordeal_refuse(fault, -ENODEV, "device: there is no \"%s\" in this network namespace",
					     net->device));
	if (!dev->netdev_ops->ndo_start_xmit)
		return ERR_PTR(ordeal_refuse(fault, -EOPNOTSUPP, "device: %s transmits nothing", dev->name));
	return dev;
}

static struct net_port *make_port(struct net_device *dev)
{
	struct net_port *port = kzalloc(sizeof(*port), GFP_KERNEL);

	if (!port)
		return NULL;
	port->dev = dev;
	port->up = netif_running(dev);
	INIT_LIST_HEAD(&port->faults);
	hash_add_rcu(ports, &port->of_table, (unsigned long)dev);
	return port;
}

static int hook_way(struct net_port *port, enum net_way way)
{
	int error = 0;

	if (port->users[way] == 0)
		error = way == NET_OUT ? net_hook_transmit(port) : net_hook_netfilter(port, way);
	if (!error)
		port->users[way]++;
	return error;
}

/* Whether nothing of the hook is left. */
static bool unhook_way(struct net_port *port, enum net_way way)
{
	if (--port->users[way] > 0)
		return true;
	if (way == NET_OUT)
		return net_unhook_transmit(port);
	net_unhook_netfilter(port, way);
	return true;
}

/* With who was inside gone. */
static void drop_if_unused(struct net_port *port)
{
	if (port->users[NET_OUT] || port->users[NET_IN] || port->abandoned)
		return;
	hash_del_rcu(&port->of_table);
	synchronize_net();
	kfree(port);
}

void net_forget_device(struct net_port *port)
{
	/* It stays in memory: somebody has a pointer to its operations. */
	hash_del_rcu(&port->of_table);
}

static int fault_count(struct net_port *port)
{
	struct list_head *each;
	int count = 0;

	list_for_each(each, &port->faults)
		count++;
	return count;
}

static const char *name_of(const struct net_port *port, int direction)
{
	if (direction == NET_DIRECTION_IN)
		return "ingress";
	if (direction == NET_DIRECTION_OUT)
		return port->swapped ? "xmit" : "egress";
	return port->swapped ? "xmit+ingress" : "egress+ingress";
}

static int hook_ways(struct net_fault *net, struct net_port *port)
{
	enum net_way way;
	int error = 0;

	for (way = NET_OUT; way < NET_WAYS && !error; way++) {
		if (!net_goes(net, way))
			continue;
		error = hook_way(port, way);
		if (error && way == NET_IN && net_goes(net, NET_OUT))
			unhook_way(port, NET_OUT);
	}
	if (error == -EOPNOTSUPP)
		return ordeal_refuse(&net->fault, error,
				     "device: the driver of %s looks at its operations, and this kernel has no egress hook",
				     port->dev->name);
	if (error)
		return ordeal_refuse(&net->fault, error, "device: %s cannot be hooked, error %d", port->dev->name, error);
	return 0;
}

int net_hook(struct net_fault *net, struct net_device *dev)
{
	struct net_port *port = net_port_of(dev);
	int error;

	if (port && fault_count(port) == NET_MOST_FAULTS)
		return ordeal_refuse(&net->fault, -EBUSY, "device: %s has %d faults already, the most there can be",
				     dev->name, NET_MOST_FAULTS);
	if (!port)
		port = make_port(dev);
	if (!port)
		return -ENOMEM;
	error = hook_ways(net, port);
	if (error) {
		synchronize_net();
		drop_if_unused(port);
		return error;
	}
	net->hook = name_of(port, net->direction);
	net->limit = net_goes(net, NET_OUT) ? net_transmit_limit(port) : "none";
	net->unhooked = false;
	net->port = port;
	WRITE_ONCE(net->alone, false);
	list_add_tail_rcu(&net->of_port, &port->faults);
	return 0;
}

void net_unhook(struct net_fault *net, bool drain)
{
	struct net_port *port = net->port;
	bool unhooked = true;
	enum net_way way;

	/* What still leaves its lanes goes straight out from here on. */
	WRITE_ONCE(net->alone, true);
	list_del_rcu(&net->of_port);
	for (way = NET_OUT; way < NET_WAYS; way++)
		if (net_goes(net, way))
			unhooked &= unhook_way(port, way);
	synchronize_net();
	/* The device may have refused a frame at the last moment. */
	if (drain)
		net_wait_until_drained(net);
	net_stop_lanes(net);
	net->unhooked = unhooked;
	net->port = NULL;
	drop_if_unused(port);
}
