// SPDX-License-Identifier: GPL-2.0-only
/*
 * Puts a copy of its template with our functions in the place of a SCSI host's template, and takes it away again. The template itself is
 * shared and often constant. It is one store: whoever reads it finds one or the other, which differ in our functions only, so the queues
 * need not stand still, and the host's other disks do not feel it.
 *
 * The copy goes back before the host's last disk is gone, as what comes next, /proc/scsi, knows the template by its address.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "storage.h"

DEFINE_SRCU(storage_inside);

/* Protects what follows, and the list of faults of a hook against other writers. Never taken in the path of a command. */
static DEFINE_MUTEX(hooks_lock);
static LIST_HEAD(hooks);
/* The bus of SCSI devices, once we listen to it. */
static typeof_member(struct device, bus) listening_to;

/* A hook that was restored stays in the list until its last fault is released. */
static struct storage_hook *find_hook(struct Scsi_Host *host)
{
	struct storage_hook *hook;

	list_for_each_entry(hook, &hooks, list)
		if (hook->host == host && !hook->restored)
			return hook;
	return NULL;
}

static void restore(struct storage_hook *hook)
{
	if (hook->restored)
		return;
	if (hook->host->hostt != &hook->template) {
		/* Somebody has put another in the place of ours, and may call ours from it, for ever. */
		pr_err("ordeal_storage: the template of SCSI host %u is not ours any more: the module stays loaded\n",
		       hook->host->host_no);
		__module_get(THIS_MODULE);
		return;
	}
	WRITE_ONCE(hook->host->hostt, hook->original);
	hook->restored = true;
}

static bool is_going(struct Scsi_Host *host)
{
	return host->shost_state != SHOST_RUNNING && host->shost_state != SHOST_RECOVERY;
}

static bool has_other_devices(struct Scsi_Host *host, struct scsi_device *than)
{
	struct scsi_device *device;

	shost_for_each_device(device, host) {
		if (device == than)
			continue;
		scsi_device_put(device);
		return true;
	}
	return false;
}

static void device_goes(struct storage_hook *hook, struct scsi_device *device)
{
	bool host_is_going = is_going(hook->host);
	bool is_last = !has_other_devices(hook->host, device);
	struct ordeal_storage *storage;

	list_for_each_entry(storage, &hook->faults, beside) {
		if (storage->device == device)
			ordeal_end(&storage->fault, "the disk was removed");
		else if (!storage->device && host_is_going)
			ordeal_end(&storage->fault, "the SCSI host was removed");
		else if (!storage->device && is_last)
			ordeal_end(&storage->fault, "the last disk of the SCSI host was removed");
	}
	/* Without disks, nothing tells of the host's own end. */
	if (host_is_going || is_last)
		restore(hook);
}

static int bus_event(struct notifier_block *block, unsigned long event, void *data)
{
	struct scsi_device *device;
	struct storage_hook *hook;

	if (event != BUS_NOTIFY_DEL_DEVICE || !scsi_is_sdev_device(data))
		return NOTIFY_DONE;
	device = to_scsi_device(data);
	mutex_lock(&hooks_lock);
	list_for_each_entry(hook, &hooks, list)
		if (hook->host == device->host)
			device_goes(hook, device);
	mutex_unlock(&hooks_lock);
	return NOTIFY_DONE;
}

static struct notifier_block bus_listener = { .notifier_call = bus_event };

static int listen_to_bus(struct Scsi_Host *host)
{
	int error;

	if (listening_to)
		return 0;
	error = bus_register_notifier(host->shost_gendev.bus, &bus_listener);
	if (!error)
		listening_to = host->shost_gendev.bus;
	return error;
}

static struct storage_hook *make_hook(struct Scsi_Host *host)
{
	struct storage_hook *hook = kzalloc(sizeof(*hook), GFP_KERNEL);

	if (!hook)
		return NULL;
	hook->host = host;
	hook->original = host->hostt;
	hook->template = *host->hostt;
	hook->template.queuecommand = storage_queuecommand;
	hook->template.eh_timed_out = storage_timed_out;
	hook->template.eh_abort_handler = storage_abort;
	INIT_LIST_HEAD(&hook->faults);
	list_add(&hook->list, &hooks);
	smp_store_release(&host->hostt, &hook->template);
	return hook;
}

/* Whether the listener has been told already, or will not be told: it takes the lock that is held here. */
static bool is_gone(struct ordeal_storage *storage)
{
	if (is_going(storage->host))
		return true;
	return storage->device ? storage->device->sdev_state == SDEV_CANCEL ||
					 storage->device->sdev_state == SDEV_DEL :
				 !has_other_devices(storage->host, NULL);
}

int storage_hook_host(struct ordeal_storage *storage)
{
	struct storage_hook *hook;
	int error;

	mutex_lock(&hooks_lock);
	error = listen_to_bus(storage->host);
	if (error)
		goto out;
	if (is_gone(storage)) {
		error = ordeal_refuse(&storage->fault, -ENODEV, "scsi: the device is being removed");
		goto out;
	}
	hook = find_hook(storage->host);
	if (!hook)
		hook = make_hook(storage->host);
	if (!hook) {
		error = -ENOMEM;
		goto out;
	}
	storage->hook = hook;
	list_add_tail_rcu(&storage->beside, &hook->faults);
out:
	mutex_unlock(&hooks_lock);
	return error;
}

#ifndef CONFIG_TASKS_RCU
#define rcu_barrier_tasks rcu_barrier
#endif

static void free_hook(struct rcu_head *head)
{
	kfree(container_of(head, struct storage_hook, rcu));
}

/* Afterwards nobody is inside with this fault. Waits until error handling, which its template may be in the hands of, is over. */
void storage_unhook_host(struct ordeal_storage *storage)
{
	struct storage_hook *hook = storage->hook;
	bool is_last;

	mutex_lock(&hooks_lock);
	list_del_rcu(&storage->beside);
	is_last = list_empty(&hook->faults);
	if (is_last)
		restore(hook);
	if (is_last && hook->restored)
		list_del(&hook->list);
	storage->unhooked = !is_last || hook->restored;
	mutex_unlock(&hooks_lock);

	synchronize_srcu(&storage_inside);
	wait_event(hook->host->host_wait, !scsi_host_in_recovery(hook->host));
	storage->hook = NULL;
	if (!is_last || !hook->restored)
		return;
	/* Those who read the template in an interrupt, and tasks that were preempted with it in hand. */
	synchronize_rcu();
	call_rcu_tasks(&hook->rcu, free_hook);
}

/* No fault is left. Whoever is on the way into our functions, or out of them, has to be past them. */
void storage_hosts_exit(void)
{
	if (listening_to)
		bus_unregister_notifier(listening_to, &bus_listener);
	synchronize_srcu(&storage_inside);
	synchronize_rcu();
	synchronize_rcu_tasks();
	rcu_barrier_tasks();
}
