// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/config/ordeal: one directory a kind of fault, and in it one directory a fault. A directory pins the module of its kind, so
 * that nothing is unloaded while it may be armed; to remove one disarms it.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "ordeal.h"

#define ORDEAL_VERSION "1"

struct workqueue_struct *ordeal_releases;

static struct ordeal_kind *kind_of(struct config_group *group)
{
	return container_of(group, struct ordeal_kind, group);
}

static struct config_item *make_fault(struct config_group *group, const char *name)
{
	struct ordeal_kind *kind = kind_of(group);
	struct ordeal_fault *fault = kind->make();

	if (IS_ERR(fault))
		return ERR_CAST(fault);
	ordeal_fault_init(fault, kind);
	config_item_init_type_name(&fault->item, name, &kind->fault_type);
	return &fault->item;
}

static void drop_fault(struct config_group *group, struct config_item *item)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);

	mutex_lock(&fault->lock);
	ordeal_disarm(fault, "its directory was removed");
	mutex_unlock(&fault->lock);
	config_item_put(item);
}

static void free_fault(struct config_item *item)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);

	/* The gate may have been shut by a timer, whose work found it ended already. */
	cancel_work_sync(&fault->release_work);
	fault->kind->free(fault);
}

static struct configfs_item_operations fault_operations = {
	.release = free_fault,
};

static struct configfs_group_operations group_operations = {
	.make_item = make_fault,
	.drop_item = drop_fault,
};

/* Copies the list to `to`, where there is one, without its end; how many they are. */
static int take_list(struct configfs_attribute **to, struct configfs_attribute **list)
{
	int count;

	for (count = 0; list[count]; count++)
		if (to)
			to[count] = list[count];
	return count;
}

static int take_attributes(struct configfs_attribute **to, struct ordeal_kind *kind)
{
	int list, count = take_list(to, ordeal_common_attributes);

	for (list = 0; list < ORDEAL_MOST_LISTS && kind->attributes[list]; list++)
		count += take_list(to ? to + count : NULL, kind->attributes[list]);
	return count;
}

static ssize_t clocks_show(struct config_item *item, char *page)
{
	unsigned long flags;
	u64 boottime, monotonic, realtime;

	/* Together, so that their differences can be believed. */
	local_irq_save(flags);
	boottime = ktime_get_boottime_ns();
	monotonic = ktime_get_ns();
	realtime = ktime_get_real_ns();
	local_irq_restore(flags);
	return sprintf(page, "boottime_ns: %llu\nmonotonic_ns: %llu\nrealtime_ns: %llu\n", boottime, monotonic,
		       realtime);
}
CONFIGFS_ATTR_RO(, clocks);

static ssize_t version_show(struct config_item *item, char *page)
{
	return sprintf(page, "%s\n", ORDEAL_VERSION);
}
CONFIGFS_ATTR_RO(, version);

static struct configfs_attribute *root_attributes[] = { &attr_clocks, &attr_version, NULL };

static const struct config_item_type root_type = {
	.ct_owner = THIS_MODULE,
	.ct_attrs = root_attributes,
};

static struct configfs_subsystem root = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "ordeal",
			.ci_type = &root_type,
		},
	},
};

int ordeal_register_kind(struct ordeal_kind *kind)
{
	int error;

	kind->all_attributes = kcalloc(take_attributes(NULL, kind) + 1, sizeof(*kind->all_attributes), GFP_KERNEL);
	if (!kind->all_attributes)
		return -ENOMEM;
	take_attributes(kind->all_attributes, kind);

	kind->fault_type = (struct config_item_type){
		.ct_owner = kind->owner,
		.ct_item_ops = &fault_operations,
		.ct_attrs = kind->all_attributes,
		.ct_bin_attrs = kind->bin_attributes,
	};
	kind->group_type = (struct config_item_type){
		.ct_owner = kind->owner,
		.ct_group_ops = &group_operations,
	};
	config_group_init_type_name(&kind->group, kind->name, &kind->group_type);
	error = configfs_register_group(&root.su_group, &kind->group);
	if (error)
		kfree(kind->all_attributes);
	return error;
}
EXPORT_SYMBOL_GPL(ordeal_register_kind);

void ordeal_unregister_kind(struct ordeal_kind *kind)
{
	configfs_unregister_group(&kind->group);
	/* What a removed fault left behind runs code of the kind. */
	flush_workqueue(ordeal_releases);
	kfree(kind->all_attributes);
}
EXPORT_SYMBOL_GPL(ordeal_unregister_kind);

static int __init ordeal_init(void)
{
	int error;

	ordeal_releases = alloc_workqueue("ordeal", WQ_HIGHPRI | WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	if (!ordeal_releases)
		return -ENOMEM;
	config_group_init(&root.su_group);
	mutex_init(&root.su_mutex);
	error = configfs_register_subsystem(&root);
	if (error)
		destroy_workqueue(ordeal_releases);
	return error;
}

static void __exit ordeal_exit(void)
{
	configfs_unregister_subsystem(&root);
	destroy_workqueue(ordeal_releases);
}

module_init(ordeal_init);
module_exit(ordeal_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Ordeal: the life of a fault in the kernel");
MODULE_VERSION(ORDEAL_VERSION);
