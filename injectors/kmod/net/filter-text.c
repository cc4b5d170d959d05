// SPDX-License-Identifier: GPL-2.0-only
/* The lists of ports and of addresses, as they are written and read. */
#include <linux/ctype.h>
#include <linux/inet.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "net.h"

/* Of "198.51.100.255/32" or its longest like of version 6. */
#define LONGEST_WORD 50

/* Calls `parse` with each word of the list; it returns false for what it does not understand. */
static int parse_list(struct ordeal_fault *fault, const char *name, const char *allowed, const char *text, size_t length,
		      int most, bool (*parse)(const char *word, struct net_filter *filter, int index),
		      struct net_filter *filter, int *count)
{
	char word[LONGEST_WORD];
	int found = 0;

	/* configfs cuts what is longer than a page, without a word. */
	if (length >= PAGE_SIZE - 1)
		return ordeal_refuse(fault, -EINVAL, "%s: the list is longer than %lu characters", name, PAGE_SIZE - 2);
	while (*(text = skip_spaces(text))) {
		size_t size = strcspn(text, " \t\n");

		strscpy(word, text, min(size + 1, sizeof(word)));
		if (found == most)
			return ordeal_refuse(fault, -EINVAL, "%s: there are more than %d", name, most);
		if (size >= sizeof(word) || !parse(word, filter, found))
			return ordeal_refuse(fault, -EINVAL, "%s: \"%s\" is not %s", name, word, allowed);
		found++;
		text += size;
	}
	*count = found;
	return 0;
}

static bool parse_port(const char *word, u16 *port)
{
	return isdigit(*word) && kstrtou16(word, 10, port) == 0 && *port != 0;
}

static bool parse_range(const char *word, struct net_filter *filter, int index)
{
	struct net_range *range = &filter->range[index];
	char first[LONGEST_WORD];
	char *dash;

	strscpy(first, word, sizeof(first));
	dash = strchr(first, '-');
	if (dash)
		*dash = '\0';
	return parse_port(first, &range->first) && parse_port(dash ? dash + 1 : first, &range->last) &&
	       range->first <= range->last;
}

static bool parse_prefix(const char *word, struct net_filter *filter, int index)
{
	struct net_prefix *prefix = &filter->prefix[index];
	char address[LONGEST_WORD];
	u8 longest;
	char *slash;

	strscpy(address, word, sizeof(address));
	slash = strchr(address, '/');
	if (slash)
		*slash = '\0';
	prefix->v6 = strchr(address, ':') != NULL;
	longest = prefix->v6 ? 128 : 32;
	prefix->length = longest;
	if (slash && (!isdigit(slash[1]) || kstrtou8(slash + 1, 10, &prefix->length) || prefix->length > longest))
		return false;
	if (prefix->v6)
		return in6_pton(address, -1, (u8 *)&prefix->address.in6, -1, NULL) == 1;
	return in4_pton(address, -1, (u8 *)&prefix->address.v4, -1, NULL) == 1;
}

/* As it was written, for who reads it back, with single blanks. */
static char *text_of(const char *text, size_t length)
{
	char *kept = kmalloc(length + 1, GFP_KERNEL);
	char *end = kept;

	if (!kept)
		return NULL;
	while (*(text = skip_spaces(text))) {
		if (end != kept)
			*end++ = ' ';
		while (*text && !isspace(*text))
			*end++ = *text++;
	}
	*end = '\0';
	return kept;
}

/* Into a filter of its own first: what is refused changes nothing. */
static int parse_into(struct ordeal_fault *fault, const char *text, size_t length, struct net_filter *filter, bool ports)
{
	struct net_filter *parsed = kmemdup(filter, sizeof(*filter), GFP_KERNEL);
	char *kept = text_of(text, length);
	char **place = ports ? &filter->ranges_text : &filter->prefixes_text;
	int error = -ENOMEM;

	if (!parsed || !kept)
		goto out;
	if (ports)
		error = parse_list(fault, "ports", "a port or a range of ports from 1 to 65535, like 53 or 8000-8010", text,
				   length, NET_MOST_RANGES, parse_range, parsed, &parsed->ranges);
	else
		error = parse_list(fault, "addresses", "an address or a prefix, like 10.0.0.7, 10.0.0.0/8 or fd00::/8",
				   text, length, NET_MOST_PREFIXES, parse_prefix, parsed, &parsed->prefixes);
	if (!error) {
		*filter = *parsed;
		swap(*place, kept);
	}
out:
	kfree(kept);
	kfree(parsed);
	return error;
}

int net_parse_ranges(struct ordeal_fault *fault, const char *text, size_t length, struct net_filter *filter)
{
	return parse_into(fault, text, length, filter, true);
}

int net_parse_prefixes(struct ordeal_fault *fault, const char *text, size_t length, struct net_filter *filter)
{
	return parse_into(fault, text, length, filter, false);
}
