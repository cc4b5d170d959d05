// SPDX-License-Identifier: GPL-2.0-only
/* The tracepoint block_rq_complete is given the block layer's status, and not an errno. */
#include <linux/blk-mq.h>
#include <linux/build_bug.h>
#include <linux/module.h>
#include <trace/events/block.h>

static_assert(__builtin_types_compatible_p(typeof(trace_block_rq_complete),
					   void(struct request *, blk_status_t, unsigned int)));
MODULE_LICENSE("GPL");
