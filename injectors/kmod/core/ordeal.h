/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every fault in the kernel is: a directory in configfs, a gate that two hard timers open and close, and counters. A kind of
 * fault (net, storage, cpu, memory) brings what it hooks and what it does to what passes.
 */
#ifndef ORDEAL_H
#define ORDEAL_H

#include <linux/atomic.h>
#include <linux/configfs.h>
#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "ordeal_features.h"

struct ordeal_fault;
struct ordeal_tasks;

/* Where a fault is in its life. Only ever goes down this list, until it is armed anew. */
enum ordeal_phase {
	ORDEAL_IDLE,	/* made, not armed: its attributes can be written */
	ORDEAL_ARMED,	/* hooked, waiting for its start */
	ORDEAL_OPEN,	/* touches what passes */
	ORDEAL_CLOSED,	/* touches nothing more; still hooked, perhaps holding something back */
	ORDEAL_ENDED,	/* unhooked and drained: its attributes can be written */
};

enum ordeal_mode_kind {
	ORDEAL_PERMANENT,
	ORDEAL_SHARE,	/* a share of the transfers, in parts of a billion, drawn from the seed */
	ORDEAL_ONE_IN,	/* the first of every n */
	ORDEAL_BURST,	/* all of them for a time, then none for a time */
};

struct ordeal_mode {
	enum ordeal_mode_kind kind;
	u64 share_ppb;
	u64 n;
	u64 on_us;
	u64 off_us;
};

/* As many lists of attributes as a kind has at most. */
#define ORDEAL_MOST_LISTS 6

/* A kind of fault: what stands below /sys/kernel/config/ordeal/<name>. */
struct ordeal_kind {
	const char *name;
	struct module *owner;
	/* Lists of its attributes, each ended by NULL; those that every fault has are added. */
	struct configfs_attribute **attributes[ORDEAL_MOST_LISTS];
	/* Optional: what is longer than a page, the same way. */
	struct configfs_bin_attribute **bin_attributes;

	/* A fault with its defaults; ERR_PTR where there is no memory. */
	struct ordeal_fault *(*make)(void);
	void (*free)(struct ordeal_fault *fault);

	/*
	 * Looks at the attributes, finds the device, hooks it; the gate is still shut. May sleep; called with fault->lock held.
	 * What it refuses it says with ordeal_refuse(). Leaves nothing hooked when it fails.
	 */
	int (*arm)(struct ordeal_fault *fault);
	/*
	 * Unhooks, waits for who is inside, lets go of what is held, in order. The gate is shut. May sleep; called with fault->lock held,
	 * once for each arm that succeeded, also when the device is gone.
	 */
	void (*release)(struct ordeal_fault *fault);
	/* Optional, in hard interrupt context: the gate was opened just now. */
	void (*opened)(struct ordeal_fault *fault);
	/* Optional, in hard interrupt context: the gate was shut just now. What is held back can begin to go. */
	void (*closed)(struct ordeal_fault *fault);
	/* Optional: its own lines "name: value\n" of the status, appended at `at` of `page` (PAGE_SIZE long); returns the new end. */
	int (*show)(struct ordeal_fault *fault, char *page, int at);

	/* The core's own. */
	struct config_item_type fault_type;
	struct config_item_type group_type;
	struct configfs_attribute **all_attributes;
	struct config_group group;
};

struct ordeal_fault {
	struct config_item item;
	struct ordeal_kind *kind;
	struct ordeal_tasks *tasks;	/* tasks.h; NULL where the kind meets none */

	/* Protects the attributes, arming and releasing. Never taken in the path of a transfer. */
	struct mutex lock;
	u64 start_ns;		/* CLOCK_BOOTTIME; 0 is at once */
	u64 deadline_ns;	/* CLOCK_BOOTTIME; has to be given */
	u64 lease_ns;		/* CLOCK_BOOTTIME: the start needs that it is not past; 0 needs none. Written while armed, too */
	u64 seed;
	struct ordeal_mode mode;
	char error[200];	/* why the last write was refused */

	atomic_t phase;		/* enum ordeal_phase */
	const char *reason;	/* why it ended: a constant, written by whoever shut the gate */
	struct hrtimer start_timer;
	struct hrtimer deadline_timer;
	struct work_struct release_work;
	u64 opened_ns, closed_ns, released_ns;

	atomic64_t seen;	/* transfers in scope while the gate was open */
	atomic64_t effects;	/* those that were touched */
	atomic64_t first_ns, last_ns;
};

int ordeal_register_kind(struct ordeal_kind *kind);
void ordeal_unregister_kind(struct ordeal_kind *kind);

static inline struct ordeal_fault *ordeal_fault_of(struct config_item *item)
{
	return container_of(item, struct ordeal_fault, item);
}

/* Remembers why a write was refused, for the attribute "error"; returns `error`. With fault->lock held. */
__printf(3, 4) int ordeal_refuse(struct ordeal_fault *fault, int error, const char *format, ...);

/*
 * For the store functions of attributes: takes fault->lock if the fault can be changed, else refuses. The caller unlocks
 * with ordeal_end_change() if and only if this returned 0.
 */
int ordeal_begin_change(struct ordeal_fault *fault, const char *name);
static inline void ordeal_end_change(struct ordeal_fault *fault)
{
	mutex_unlock(&fault->lock);
}

/* A whole number from `least` to `most` from what was written; refuses anything else by name, found and allowed. */
int ordeal_parse_u64(struct ordeal_fault *fault, const char *name, const char *text, u64 least, u64 most,
		     u64 *value);
/* Which of `words` (ended by NULL) was written, as its index; refuses anything else. */
int ordeal_parse_word(struct ordeal_fault *fault, const char *name, const char *text,
		      const char *const *words);
/* What was written, without the blanks around it; refuses what has no room. */
int ordeal_parse_text(struct ordeal_fault *fault, const char *name, const char *text, char *place, size_t size);
/* A number that begins with 0x, from 0x1 to `most`. */
int ordeal_parse_hex(struct ordeal_fault *fault, const char *name, const char *what, const char *text, u64 most,
		     u64 *value);

/* The instant that all stamps are in. Callable from anywhere but NMI. */
static inline u64 ordeal_now_ns(void)
{
	return ktime_get_boottime_ns();
}

/* In the path of a transfer: is the fault to touch anything at all? */
static inline bool ordeal_is_open(struct ordeal_fault *fault)
{
	return atomic_read(&fault->phase) == ORDEAL_OPEN;
}

/*
 * In the path of a transfer that is in scope, once, and only if the gate is open: counts it as seen and says by the mode and the seed
 * whether it is to be touched. `index` is its number from 0, which ordeal_random() takes.
 */
bool ordeal_choose(struct ordeal_fault *fault, u64 *index);
/* The transfer was touched: counts and stamps the effect. */
void ordeal_count_effect(struct ordeal_fault *fault);
/* The transfer that was counted last did not take place, and comes again: to be counted then. */
void ordeal_take_back(struct ordeal_fault *fault, bool had_effect);
/* 64 bits that follow from the seed, the number of the transfer and what they are for (any constant). */
u64 ordeal_random(const struct ordeal_fault *fault, u64 index, u32 purpose);
/* The same, from 0 to below - 1. */
u64 ordeal_random_below(const struct ordeal_fault *fault, u64 index, u32 purpose, u64 below);

/* In a thread of a fault: sleeps until the kind's opened() wakes it, or it is to stop. */
void ordeal_sleep_while_shut(struct ordeal_fault *fault);

/*
 * Shuts the gate for another reason than the deadline (the device went away): from any context but NMI, at any time between arm and
 * release; the release follows from a worker. `reason` has to be a constant. Not with locks held that release() takes and the
 * caller then waits for.
 */
void ordeal_end(struct ordeal_fault *fault, const char *reason);

/* Of attributes.c, for main.c. */
extern struct configfs_attribute *ordeal_common_attributes[];
void ordeal_fault_init(struct ordeal_fault *fault, struct ordeal_kind *kind);
int ordeal_arm(struct ordeal_fault *fault);
void ordeal_disarm(struct ordeal_fault *fault, const char *reason);
int ordeal_parse_mode(struct ordeal_fault *fault, const char *text, struct ordeal_mode *mode);
int ordeal_show_mode(const struct ordeal_mode *mode, char *page, int at);
extern struct workqueue_struct *ordeal_releases;

/*
 * Defines the attribute `_name`, a whole number in its range; `_place` is where it is kept, as it is said of `fault`.
 */
#define ORDEAL_U64_AT(_prefix, _name, _place, _least, _most)                                    \
	static ssize_t _prefix##_name##_show(struct config_item *item, char *page)              \
	{                                                                                       \
		struct ordeal_fault *fault = ordeal_fault_of(item);                             \
		return sprintf(page, "%llu\n", (unsigned long long)(_place));                   \
	}                                                                                       \
	static ssize_t _prefix##_name##_store(struct config_item *item, const char *page,       \
					      size_t count)                                     \
	{                                                                                       \
		struct ordeal_fault *fault = ordeal_fault_of(item);                             \
		u64 value;                                                                      \
		int error = ordeal_begin_change(fault, #_name);                                 \
		if (error)                                                                      \
			return error;                                                           \
		error = ordeal_parse_u64(fault, #_name, page, _least, _most, &value);           \
		if (!error)                                                                     \
			(_place) = value;                                                       \
		ordeal_end_change(fault);                                                       \
		return error ? error : count;                                                   \
	}                                                                                       \
	CONFIGFS_ATTR(_prefix, _name)

/* The same for a choice of words; the place holds the index, and one more where 0 is to mean that nothing was written. */
#define ORDEAL_WORD_AT(_prefix, _name, _place, _words, _first)                                  \
	static ssize_t _prefix##_name##_show(struct config_item *item, char *page)              \
	{                                                                                       \
		struct ordeal_fault *fault = ordeal_fault_of(item);                             \
		return sprintf(page, "%s\n", (_place) < (_first) ? "" : (_words)[(_place) - (_first)]); \
	}                                                                                       \
	static ssize_t _prefix##_name##_store(struct config_item *item, const char *page,       \
					      size_t count)                                     \
	{                                                                                       \
		struct ordeal_fault *fault = ordeal_fault_of(item);                             \
		int found;                                                                      \
		int error = ordeal_begin_change(fault, #_name);                                 \
		if (error)                                                                      \
			return error;                                                           \
		found = ordeal_parse_word(fault, #_name, page, _words);                         \
		if (found >= 0)                                                                 \
			(_place) = found + (_first);                                            \
		ordeal_end_change(fault);                                                       \
		return found < 0 ? found : count;                                               \
	}                                                                                       \
	CONFIGFS_ATTR(_prefix, _name)

/* The same for a text, which is as long as its place has room for. */
#define ORDEAL_TEXT_AT(_prefix, _name, _place)                                                  \
	static ssize_t _prefix##_name##_show(struct config_item *item, char *page)              \
	{                                                                                       \
		struct ordeal_fault *fault = ordeal_fault_of(item);                             \
		return sprintf(page, "%s\n", _place);                                           \
	}                                                                                       \
	static ssize_t _prefix##_name##_store(struct config_item *item, const char *page,       \
					      size_t count)                                     \
	{                                                                                       \
		struct ordeal_fault *fault = ordeal_fault_of(item);                             \
		int error = ordeal_begin_change(fault, #_name);                                 \
		if (error)                                                                      \
			return error;                                                           \
		error = ordeal_parse_text(fault, #_name, page, _place, sizeof(_place));         \
		ordeal_end_change(fault);                                                       \
		return error ? error : count;                                                   \
	}                                                                                       \
	CONFIGFS_ATTR(_prefix, _name)

/* The same for hexadecimal numbers: `_what` is what such a number is, with its article. */
#define ORDEAL_HEX_AT(_prefix, _name, _what, _place, _most)                                     \
	static ssize_t _prefix##_name##_show(struct config_item *item, char *page)              \
	{                                                                                       \
		struct ordeal_fault *fault = ordeal_fault_of(item);                             \
		return sprintf(page, "0x%llx\n", (unsigned long long)(_place));                 \
	}                                                                                       \
	static ssize_t _prefix##_name##_store(struct config_item *item, const char *page,       \
					      size_t count)                                     \
	{                                                                                       \
		struct ordeal_fault *fault = ordeal_fault_of(item);                             \
		u64 value;                                                                      \
		int error = ordeal_begin_change(fault, #_name);                                 \
		if (error)                                                                      \
			return error;                                                           \
		error = ordeal_parse_hex(fault, #_name, _what, page, _most, &value);            \
		if (!error)                                                                     \
			(_place) = value;                                                       \
		ordeal_end_change(fault);                                                       \
		return error ? error : count;                                                   \
	}                                                                                       \
	CONFIGFS_ATTR(_prefix, _name)

/* Of a `struct _type`, which holds the fault as `.fault`. */
#define ORDEAL_OWN(_type, _field) (container_of(fault, struct _type, fault)->_field)
#define ORDEAL_U64_ATTRIBUTE(_prefix, _type, _name, _field, _least, _most) \
	ORDEAL_U64_AT(_prefix, _name, ORDEAL_OWN(_type, _field), _least, _most)
#define ORDEAL_WORD_ATTRIBUTE(_prefix, _type, _name, _field, _words) \
	ORDEAL_WORD_AT(_prefix, _name, ORDEAL_OWN(_type, _field), _words, 0)
/* What a fault does has no default: it has to be said. */
#define ORDEAL_EFFECT_ATTRIBUTE(_prefix, _type, _words) \
	ORDEAL_WORD_AT(_prefix, effect, ORDEAL_OWN(_type, effect), _words, 1)

#endif
