// SPDX-License-Identifier: GPL-2.0-only
/* What can be written of a network fault, and which of it makes no sense together. */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "net.h"

static const char *const effects[] = { "drop", "delay", "corrupt", "duplicate", "reorder", NULL };
static const char *const directions[] = { "out", "in", "both", NULL };
static const char *const parts[] = { "any", "header", "payload", NULL };
static const char *const checksums[] = { "wire", "silent", NULL };
static const char *const protocols[] = { "any", "tcp", "udp", "icmp", NULL };

ORDEAL_EFFECT_ATTRIBUTE(net_, net_fault, effects);
ORDEAL_U64_ATTRIBUTE(net_, net_fault, netns, netns, 0, U32_MAX);
ORDEAL_U64_ATTRIBUTE(net_, net_fault, ifindex, ifindex, 0, INT_MAX);
ORDEAL_WORD_ATTRIBUTE(net_, net_fault, direction, direction, directions);
ORDEAL_U64_ATTRIBUTE(net_, net_fault, delay_us, delay_us, 1, 10000000);
ORDEAL_U64_ATTRIBUTE(net_, net_fault, jitter_us, jitter_us, 0, 10000000);
ORDEAL_U64_ATTRIBUTE(net_, net_fault, bits, bits, 1, 64);
ORDEAL_WORD_ATTRIBUTE(net_, net_fault, part, part, parts);
ORDEAL_WORD_ATTRIBUTE(net_, net_fault, checksum, checksum, checksums);
ORDEAL_U64_ATTRIBUTE(net_, net_fault, copies, copies, 1, 10);
ORDEAL_U64_ATTRIBUTE(net_, net_fault, gap, gap, 1, 1000);
ORDEAL_U64_ATTRIBUTE(net_, net_fault, hold_us, hold_us, 1, 10000000);
ORDEAL_U64_ATTRIBUTE(net_, net_fault, held_limit, held_limit, 1, 1000000);
ORDEAL_WORD_ATTRIBUTE(net_, net_fault, protocol, filter.protocol, protocols);

static ssize_t net_device_show(struct config_item *item, char *page)
{
	return sprintf(page, "%s\n", net_of(ordeal_fault_of(item))->device);
}

static ssize_t net_device_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	char name[64];
	int error = ordeal_begin_change(fault, "device");

	if (error)
		return error;
	strscpy(name, skip_spaces(page), sizeof(name));
	strim(name);
	/* An empty line unsets it. */
	if (*name && !dev_valid_name(name))
		error = ordeal_refuse(fault, -EINVAL, "device: \"%s\" is not a name of a device: 1 to 15 characters, no blank, no /",
				      name);
	else
		strscpy(net_of(fault)->device, name, IFNAMSIZ);
	ordeal_end_change(fault);
	return error ? error : count;
}
CONFIGFS_ATTR(net_, device);

static ssize_t show_text(struct ordeal_fault *fault, char *const *text, char *page)
{
	ssize_t length;

	mutex_lock(&fault->lock);
	length = scnprintf(page, PAGE_SIZE, "%s\n", *text ?: "");
	mutex_unlock(&fault->lock);
	return length;
}

static ssize_t net_ports_show(struct config_item *item, char *page)
{
	return show_text(ordeal_fault_of(item), &net_of(ordeal_fault_of(item))->filter.ranges_text, page);
}

static ssize_t net_ports_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	int error = ordeal_begin_change(fault, "ports");

	if (error)
		return error;
	error = net_parse_ranges(fault, page, count, &net_of(fault)->filter);
	ordeal_end_change(fault);
	return error ? error : count;
}
CONFIGFS_ATTR(net_, ports);

static ssize_t net_addresses_show(struct config_item *item, char *page)
{
	return show_text(ordeal_fault_of(item), &net_of(ordeal_fault_of(item))->filter.prefixes_text, page);
}

static ssize_t net_addresses_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	int error = ordeal_begin_change(fault, "addresses");

	if (error)
		return error;
	error = net_parse_prefixes(fault, page, count, &net_of(fault)->filter);
	ordeal_end_change(fault);
	return error ? error : count;
}
CONFIGFS_ATTR(net_, addresses);

struct configfs_attribute *net_attributes[] = {
	&net_attr_netns,     &net_attr_device,	  &net_attr_ifindex,  &net_attr_effect, &net_attr_direction,
	&net_attr_delay_us,  &net_attr_jitter_us, &net_attr_bits,     &net_attr_part,	&net_attr_checksum,
	&net_attr_copies,    &net_attr_gap,	  &net_attr_hold_us,  &net_attr_held_limit,
	&net_attr_protocol,  &net_attr_ports,	  &net_attr_addresses, NULL,
};

/* With fault->lock held, before it is armed. */
int net_refuse_senseless(struct net_fault *net)
{
	struct ordeal_fault *fault = &net->fault;

	if (net->effect == NET_NO_EFFECT)
		return ordeal_refuse(fault, -EINVAL, "effect: is not given; one of: drop delay corrupt duplicate reorder");
	if (!net->device[0] == !net->ifindex)
		return ordeal_refuse(fault, -EINVAL, "device: exactly one of device and ifindex has to be given");
	if (net->effect == NET_DELAY && net->delay_us == 0)
		return ordeal_refuse(fault, -EINVAL, "delay_us: is not given; a delay takes from 1 to 10000000 microseconds");
	if (net->effect == NET_DELAY && net->jitter_us > net->delay_us)
		return ordeal_refuse(fault, -EINVAL, "jitter_us: %llu is more than delay_us, %llu", net->jitter_us,
				     net->delay_us);
	if (net->filter.protocol == NET_PROTOCOL_ICMP && net->filter.ranges)
		return ordeal_refuse(fault, -EINVAL, "ports: are only for tcp and udp: icmp has none");
	return 0;
}
