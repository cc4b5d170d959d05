/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fault of storage: what it is asked to do, and what it holds while it is armed. Commands are met in queuecommand of their SCSI host
 * (host.c, command.c), reads also where any block driver says that they are done (read.c).
 */
#ifndef ORDEAL_STORAGE_H
#define ORDEAL_STORAGE_H

#include <linux/blk-mq.h>
#include <linux/completion.h>
#include <linux/kprobes.h>
#include <linux/srcu.h>
#include <linux/timerqueue.h>
#include <linux/wait.h>
#include <scsi/scsi.h>
#include <scsi/scsi_cmnd.h>
#include <scsi/scsi_device.h>
#include <scsi/scsi_host.h>

#include "ordeal.h"

/* What one command can have flipped. */
#define STORAGE_MOST_BITS 64

enum storage_effect {
	STORAGE_NONE,		/* not given yet */
	STORAGE_UNAVAILABLE,	/* answered DID_NO_CONNECT */
	STORAGE_DELAY,
	STORAGE_CORRUPT,
	STORAGE_ERROR,		/* answered with the sense MEDIUM ERROR */
	STORAGE_READ_ONLY,	/* writes are answered with the sense DATA PROTECT */
};

enum storage_direction { STORAGE_BOTH, STORAGE_READ, STORAGE_WRITE };

/* "H:C:T:L", or "H" for all of a host. */
struct storage_scsi_address {
	bool given;
	bool whole_host;
	unsigned int host, channel, id;
	u64 lun;
};

/* A disk of any block driver. */
struct storage_disk {
	dev_t number;		/* 0: none is given */
	struct request_queue *queue;
	struct gendisk *gendisk;
#ifdef HAVE_BDEV_FILE_OPEN_BY_DEV
	struct file *file;
#else
	struct block_device *bdev;
#endif
	struct kprobe removal;
};

struct storage_hold_counts {
	u64 held, held_most;
	u64 overflowed;		/* went past unheld, because held_limit was reached */
	u64 retried;		/* due, but the driver was busy: offered to it again a little later */
	u64 requeued;		/* given back to the kernel when due: the host is recovering or blocked, or busy at the end */
	u64 timed_out;
	u64 capped;		/* delayed for less than was asked, to stay within the request's timeout */
	u64 sent, delayed_sum_ns, delayed_max_ns, late_max_ns;
	u64 drained_ns;
};

/* Commands that are held back: hold.c. */
struct storage_hold {
	spinlock_t lock;		/* protects all below it; taken with interrupts off */
	struct timerqueue_head queue;	/* by when they are due; those that are due at once, in the order of their coming */
	struct list_head unused;
	struct list_head dropped;	/* timed out while they were held: error handling has them, the driver never did */
	struct storage_held *sending;
	struct storage_hold_counts counts;

	struct storage_held *entries;
	struct task_struct *thread;
	wait_queue_head_t wake;
	struct completion drained;
	wait_queue_head_t dropped_gone;
};

/* Corrupted pages that stay in the page cache: cache.c. */
struct storage_cache {
	struct page **pages;
	atomic_t count;
	u64 dropped, kept;
};

/* What the kernel may make of a fault and keep: recovery.c. */
struct storage_recovery {
	struct storage_scsi_address *offline_before;
	unsigned int offline_before_count;
	bool answered_questions;	/* the kernel has asked what a device is, and was answered that there is none */
	unsigned int set_running, rescanned;
};

struct ordeal_storage {
	struct ordeal_fault fault;

	/* Attributes: protected by fault.lock, and constant while armed. */
	struct storage_scsi_address scsi;
	int effect;		/* enum storage_effect */
	int direction;		/* enum storage_direction */
	u64 first_sector, last_sector;	/* of 512 bytes */
	u64 delay_us, jitter_us;
	u64 provoke_timeout;
	u64 pass_error_handling;
	u64 held_limit;
	u64 bits;

	/* While armed. */
	struct Scsi_Host *host;
	struct scsi_device *device;	/* NULL: the whole host */
	struct storage_hook *hook;
	struct list_head beside;	/* in hook->faults */
	struct storage_disk disk;
	struct list_head reading;	/* in the readers of read.c */
	struct storage_hold hold;
	struct storage_cache cache;
	struct storage_recovery recovery;
	atomic_t writes_out;		/* corrupted writes that the driver has not finished */
	wait_queue_head_t writes_done;

	/* For the status. */
	bool hooked;
	bool unhooked;
	atomic64_t bits_flipped;
	atomic64_t last_sector_touched;
	atomic64_t missed;		/* were chosen, and could not be touched: no memory, or no room in the scatter list */
	atomic64_t error_handling_passed;
};

static inline struct ordeal_storage *storage_of(struct ordeal_fault *fault)
{
	return container_of(fault, struct ordeal_storage, fault);
}

static inline bool storage_corrupts_reads(const struct ordeal_storage *storage)
{
	return storage->effect == STORAGE_CORRUPT && storage->direction != STORAGE_WRITE;
}

static inline bool storage_corrupts_writes(const struct ordeal_storage *storage)
{
	return storage->effect == STORAGE_CORRUPT && storage->direction != STORAGE_READ;
}

/* target.c: finding the device and holding on to it, by the attribute that names it. */
int storage_parse_scsi(struct ordeal_storage *storage, const char *text);
int storage_show_scsi(const struct storage_scsi_address *address, char *page, int at);
int storage_find_scsi(struct ordeal_storage *storage);
void storage_forget_scsi(struct ordeal_storage *storage);

/* disk.c */
int storage_parse_disk(struct ordeal_storage *storage, const char *text);
int storage_open_disk(struct ordeal_storage *storage);
void storage_close_disk(struct ordeal_storage *storage);

/* scope.c: which commands a fault is about. */
bool storage_from_error_handling(struct scsi_cmnd *cmd);
bool storage_in_scope(struct ordeal_storage *storage, struct scsi_cmnd *cmd);
/* The bytes of a transfer of `bytes` bytes from sector `start` that are in the range: how many, the first of them in *from. */
u64 storage_bytes_in_range(const struct ordeal_storage *storage, sector_t start, u64 bytes, u64 *from);

/* Whether it is about every command of its disk, also those that move no sectors. */
bool storage_takes_all(const struct ordeal_storage *storage);

/* status.c */
int storage_show_status(struct ordeal_fault *fault, char *page, int at);

/* host.c: hooking a SCSI host. Whoever is in our queuecommand is inside. */
struct storage_hook {
	struct scsi_host_template template;	/* the host's own, with our functions: what the host points to */
	typeof_member(struct Scsi_Host, hostt) original;
	struct Scsi_Host *host;
	struct list_head list;
	struct list_head faults;	/* in the order of arming; read while inside */
	bool restored;
	struct rcu_head rcu;
};
extern struct srcu_struct storage_inside;
int storage_hook_host(struct ordeal_storage *storage);
void storage_unhook_host(struct ordeal_storage *storage);
void storage_hosts_exit(void);

/* command.c: what is done to a command. */
typedef typeof(((struct scsi_host_template *)NULL)->queuecommand(NULL, NULL)) storage_queue_status;
typedef typeof(((struct scsi_host_template *)NULL)->eh_timed_out(NULL)) storage_timeout_action;
storage_queue_status storage_queuecommand(struct Scsi_Host *host, struct scsi_cmnd *cmd);
/* To the faults after `after` (NULL: to all), then to the driver. While inside. */
storage_queue_status storage_pass(struct storage_hook *hook, struct ordeal_storage *after, struct scsi_cmnd *cmd);
void storage_answer(struct scsi_cmnd *cmd, int result);

/* hold.c */
void storage_hold_init(struct ordeal_storage *storage);
int storage_hold_start(struct ordeal_storage *storage);
void storage_hold_drain(struct ordeal_storage *storage);
void storage_hold_stop(struct ordeal_storage *storage);
void storage_hold_closed(struct ordeal_storage *storage);
bool storage_hold(struct ordeal_storage *storage, struct scsi_cmnd *cmd, u64 index);
/* abort.c */
storage_timeout_action storage_timed_out(struct scsi_cmnd *cmd);
int storage_abort(struct scsi_cmnd *cmd);
void storage_hold_forget(struct ordeal_storage *storage, struct scsi_cmnd *cmd);

/* bits.c: `count` different bits of the `bytes` bytes from byte `from`, ascending. */
void storage_pick_bits(const struct ordeal_fault *fault, u64 index, u64 from, u64 bytes, unsigned int count,
		       u64 *bits);

/* write.c */
bool storage_corrupt_write(struct ordeal_storage *storage, struct scsi_cmnd *cmd, u64 index);
void storage_write_left(struct request *rq, bool list_is_there);

/* read.c */
void storage_reads_start(struct ordeal_storage *storage);
void storage_reads_stop(struct ordeal_storage *storage);
void storage_read_done(struct request *rq, unsigned int bytes);

/* cache.c */
int storage_cache_start(struct ordeal_storage *storage);
void storage_cache_remember(struct ordeal_storage *storage, struct page *page);
void storage_cache_drop(struct ordeal_storage *storage);

/* trace.c: hears of every request that is done or given back, while somebody corrupts. */
int storage_trace_start(void);
void storage_trace_stop(void);

/* recovery.c */
int storage_recovery_start(struct ordeal_storage *storage);
void storage_recovery_finish(struct ordeal_storage *storage);

#endif
