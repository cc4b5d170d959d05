// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hears of every request of the block layer that is done, before those who wait for it do, or that a driver gives back. Only while a
 * fault corrupts: the tracepoints cost nothing otherwise.
 */
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/tracepoint.h>
#include <trace/events/block.h>

#include "storage.h"

#ifdef HAVE_BLOCK_RQ_COMPLETE_STATUS
typedef blk_status_t completion_error;
#else
typedef int completion_error;
#endif

static DEFINE_MUTEX(trace_lock);
static unsigned int listeners;
static struct tracepoint *complete_point, *requeue_point;

static void on_complete(void *data, struct request *rq, completion_error error, unsigned int bytes)
{
	storage_write_left(rq, true);
	if (!error && bytes > 0)
		storage_read_done(rq, bytes);
}

static void on_requeue(void *data, struct request *rq)
{
	/* Without this flag the scatter list was freed just before; on_complete() had heard of the request then. */
	storage_write_left(rq, rq->rq_flags & RQF_DONTPREP);
}

/* They are not exported by name. */
static void find(struct tracepoint *point, void *data)
{
	if (strcmp(point->name, "block_rq_complete") == 0)
		complete_point = point;
	else if (strcmp(point->name, "block_rq_requeue") == 0)
		requeue_point = point;
}

static int listen(void)
{
	int error;

	for_each_kernel_tracepoint(find, NULL);
	if (!complete_point || !requeue_point)
		return -ENOENT;
	error = tracepoint_probe_register(complete_point, on_complete, NULL);
	if (error)
		return error;
	error = tracepoint_probe_register(requeue_point, on_requeue, NULL);
	if (error)
		tracepoint_probe_unregister(complete_point, on_complete, NULL);
	return error;
}

int storage_trace_start(void)
{
	int error = 0;

	mutex_lock(&trace_lock);
	if (listeners == 0)
		error = listen();
	if (!error)
		listeners++;
	mutex_unlock(&trace_lock);
	return error;
}

/* Afterwards nobody is in the functions that are called from here, unless others listen still. */
void storage_trace_stop(void)
{
	mutex_lock(&trace_lock);
	if (--listeners == 0) {
		tracepoint_probe_unregister(requeue_point, on_requeue, NULL);
		tracepoint_probe_unregister(complete_point, on_complete, NULL);
		tracepoint_synchronize_unregister();
	}
	mutex_unlock(&trace_lock);
}
