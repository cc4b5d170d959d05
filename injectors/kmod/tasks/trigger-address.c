// SPDX-License-Identifier: GPL-2.0-only
/* A breakpoint in a file: whoever executes that instruction meets it, in whatever process it is mapped. */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/namei.h>

#include "tasks.h"

static int on_address(struct uprobe_consumer *consumer, struct pt_regs *regs
#ifdef HAVE_UPROBE_HANDLER_DATA
		      , __u64 *data
#endif
)
{
	ordeal_trigger_meets(container_of(consumer, struct ordeal_tasks, trigger.consumer), regs);
	return 0;
}

static int insert(struct ordeal_trigger *own)
{
	struct inode *inode = d_real_inode(own->path.dentry);

#ifdef HAVE_UPROBE_OBJECT
	own->uprobe = uprobe_register(inode, own->offset, 0, &own->consumer);
	return PTR_ERR_OR_ZERO(own->uprobe);
#else
	return uprobe_register(inode, own->offset, &own->consumer);
#endif
}

int ordeal_address_start(struct ordeal_tasks *tasks)
{
	struct ordeal_trigger *own = &tasks->trigger;
	int error = kern_path(own->file, LOOKUP_FOLLOW, &own->path);

	if (error)
		return ordeal_refuse(tasks->fault, error, "file: there is no \"%s\"", own->file);
	if (!S_ISREG(d_real_inode(own->path.dentry)->i_mode)) {
		error = ordeal_refuse(tasks->fault, -EINVAL, "file: \"%s\" is not a program", own->file);
		goto err_path;
	}
	memset(&own->consumer, 0, sizeof(own->consumer));
	own->consumer.handler = on_address;
	error = insert(own);
	if (!error)
		return 0;
	ordeal_refuse(tasks->fault, error, "offset: no breakpoint can be set at %llu of \"%s\": error %d", own->offset,
		      own->file, -error);
err_path:
	path_put(&own->path);
	return error;
}

void ordeal_address_stop(struct ordeal_tasks *tasks)
{
	struct ordeal_trigger *own = &tasks->trigger;

#ifdef HAVE_UPROBE_OBJECT
	uprobe_unregister_nosync(own->uprobe, &own->consumer);
	uprobe_unregister_sync();
#else
	uprobe_unregister(d_real_inode(own->path.dentry), own->offset, &own->consumer);
#endif
	path_put(&own->path);
}
