// SPDX-License-Identifier: GPL-2.0-only
/* What every fault's directory holds, and how a write is refused: by one message that names what was found and what is allowed. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ordeal.h"

int ordeal_refuse(struct ordeal_fault *fault, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vscnprintf(fault->error, sizeof(fault->error), format, arguments);
	va_end(arguments);
	return error;
}
EXPORT_SYMBOL_GPL(ordeal_refuse);

int ordeal_begin_change(struct ordeal_fault *fault, const char *name)
{
	int phase;

	mutex_lock(&fault->lock);
	fault->error[0] = '\0';
	phase = atomic_read(&fault->phase);
	if (phase == ORDEAL_IDLE || phase == ORDEAL_ENDED)
		return 0;
	ordeal_refuse(fault, -EBUSY, "%s: cannot be changed while the fault is armed; write 0 to arm first", name);
	mutex_unlock(&fault->lock);
	return -EBUSY;
}
EXPORT_SYMBOL_GPL(ordeal_begin_change);

/* What was written, without the newline of echo; at most what a message can show. */
static void trim(const char *text, char *trimmed, size_t size)
{
	strscpy(trimmed, skip_spaces(text), size);
	strim(trimmed);
}

int ordeal_parse_u64(struct ordeal_fault *fault, const char *name, const char *text, u64 least, u64 most,
		     u64 *value)
{
	char word[64];
	u64 found;

	trim(text, word, sizeof(word));
	if (kstrtou64(word, 10, &found) != 0 || found < least || found > most)
		return ordeal_refuse(fault, -EINVAL, "%s: \"%s\" is not a whole number from %llu to %llu", name, word,
				     least, most);
	*value = found;
	return 0;
}
EXPORT_SYMBOL_GPL(ordeal_parse_u64);

int ordeal_parse_word(struct ordeal_fault *fault, const char *name, const char *text,
		      const char *const *words)
{
	char word[64];
	int index, at;

	trim(text, word, sizeof(word));
	for (index = 0; words[index]; index++)
		if (strcmp(words[index], word) == 0)
			return index;
	ordeal_refuse(fault, -EINVAL, "%s: \"%s\" is none of:", name, word);
	at = strlen(fault->error);
	for (index = 0; words[index]; index++)
		at += scnprintf(fault->error + at, sizeof(fault->error) - at, " %s", words[index]);
	return -EINVAL;
}
EXPORT_SYMBOL_GPL(ordeal_parse_word);

int ordeal_parse_text(struct ordeal_fault *fault, const char *name, const char *text, char *place, size_t size)
{
	const char *begin = skip_spaces(text);

	if (strlen(begin) >= size)
		return ordeal_refuse(fault, -EINVAL, "%s: is longer than %zu characters", name, size - 1);
	trim(begin, place, size);
	return 0;
}
EXPORT_SYMBOL_GPL(ordeal_parse_text);

int ordeal_parse_hex(struct ordeal_fault *fault, const char *name, const char *what, const char *text, u64 most,
		     u64 *value)
{
	char word[64];
	u64 found;

	trim(text, word, sizeof(word));
	if (!str_has_prefix(word, "0x") || kstrtou64(word, 16, &found) || !found || found > most)
		return ordeal_refuse(fault, -EINVAL, "%s: \"%s\" is not %s from 0x1 to 0x%llx", name, word, what, most);
	*value = found;
	return 0;
}
EXPORT_SYMBOL_GPL(ordeal_parse_hex);

ORDEAL_U64_AT(, start_ns, fault->start_ns, 0, U64_MAX);
ORDEAL_U64_AT(, deadline_ns, fault->deadline_ns, 0, U64_MAX);
ORDEAL_U64_AT(, seed, fault->seed, 0, U64_MAX);

static ssize_t lease_ns_show(struct config_item *item, char *page)
{
	return sprintf(page, "%llu\n", READ_ONCE(ordeal_fault_of(item)->lease_ns));
}

/* Renewed while armed: that is what a lease is for. */
static ssize_t lease_ns_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	u64 value;
	int error;

	mutex_lock(&fault->lock);
	fault->error[0] = '\0';
	error = ordeal_parse_u64(fault, "lease_ns", page, 0, U64_MAX, &value);
	if (!error)
		WRITE_ONCE(fault->lease_ns, value);
	mutex_unlock(&fault->lock);
	return error ? error : count;
}
CONFIGFS_ATTR(, lease_ns);

static ssize_t mode_show(struct config_item *item, char *page)
{
	return ordeal_show_mode(&ordeal_fault_of(item)->mode, page, 0);
}

static ssize_t mode_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	struct ordeal_mode mode = {};
	char text[64];
	int error = ordeal_begin_change(fault, "mode");

	if (error)
		return error;
	trim(page, text, sizeof(text));
	error = ordeal_parse_mode(fault, text, &mode);
	if (!error)
		fault->mode = mode;
	ordeal_end_change(fault);
	return error ? error : count;
}
CONFIGFS_ATTR(, mode);

static ssize_t arm_show(struct config_item *item, char *page)
{
	int phase = atomic_read(&ordeal_fault_of(item)->phase);

	return sprintf(page, "%d\n", phase != ORDEAL_IDLE && phase != ORDEAL_ENDED);
}

static ssize_t arm_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	u64 value;
	int error;

	mutex_lock(&fault->lock);
	fault->error[0] = '\0';
	error = ordeal_parse_u64(fault, "arm", page, 0, 1, &value);
	if (!error && value)
		error = ordeal_arm(fault);
	else if (!error)
		ordeal_disarm(fault, "disarmed");
	mutex_unlock(&fault->lock);
	return error ? error : count;
}
CONFIGFS_ATTR(, arm);

static ssize_t error_show(struct config_item *item, char *page)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	ssize_t length;

	mutex_lock(&fault->lock);
	length = scnprintf(page, PAGE_SIZE, "%s\n", fault->error);
	mutex_unlock(&fault->lock);
	return length;
}
CONFIGFS_ATTR_RO(, error);

static const char *const phases[] = {
	[ORDEAL_IDLE] = "idle",	    [ORDEAL_ARMED] = "armed", [ORDEAL_OPEN] = "open",
	[ORDEAL_CLOSED] = "closed", [ORDEAL_ENDED] = "ended",
};

static ssize_t status_show(struct config_item *item, char *page)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	int at;

	mutex_lock(&fault->lock);
	at = scnprintf(page, PAGE_SIZE,
		       "phase: %s\nreason: %s\nstart_ns: %llu\ndeadline_ns: %llu\nlease_ns: %llu\n"
		       "opened_ns: %llu\nclosed_ns: %llu\nreleased_ns: %llu\nseed: %llu\nmode: ",
		       phases[atomic_read(&fault->phase)], READ_ONCE(fault->reason), fault->start_ns,
		       fault->deadline_ns, fault->lease_ns, READ_ONCE(fault->opened_ns),
		       READ_ONCE(fault->closed_ns), fault->released_ns, fault->seed);
	at = ordeal_show_mode(&fault->mode, page, at);
	at += scnprintf(page + at, PAGE_SIZE - at,
			"seen: %lld\neffects: %lld\nfirst_effect_ns: %lld\nlast_effect_ns: %lld\n",
			(long long)atomic64_read(&fault->seen), (long long)atomic64_read(&fault->effects),
			(long long)atomic64_read(&fault->first_ns), (long long)atomic64_read(&fault->last_ns));
	if (fault->kind->show)
		at = fault->kind->show(fault, page, at);
	mutex_unlock(&fault->lock);
	return at;
}
CONFIGFS_ATTR_RO(, status);

struct configfs_attribute *ordeal_common_attributes[] = {
	&attr_start_ns, &attr_deadline_ns, &attr_lease_ns, &attr_seed,	&attr_mode,
	&attr_arm,	&attr_error,	   &attr_status,   NULL,
};
