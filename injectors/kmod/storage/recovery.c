// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel made of a fault and would keep. Error handling sets a device offline when nothing helps: it is set running. A disk whose
 * size was asked for in vain has none from then on: it is asked again.
 */
#include <linux/kernel.h>
#include <linux/slab.h>

#include "storage.h"

static bool is_ours(struct ordeal_storage *storage, struct scsi_device *device)
{
	return !storage->device || storage->device == device;
}

static bool was_offline(struct ordeal_storage *storage, struct scsi_device *device)
{
	struct storage_recovery *recovery = &storage->recovery;
	unsigned int index;

	for (index = 0; index < recovery->offline_before_count; index++) {
		struct storage_scsi_address *before = &recovery->offline_before[index];

		if (before->channel == device->channel && before->id == device->id && before->lun == device->lun)
			return true;
	}
	return false;
}

static bool remember_offline(struct storage_recovery *recovery, struct scsi_device *device)
{
	unsigned int count = recovery->offline_before_count;
	struct storage_scsi_address *more;

	more = krealloc(recovery->offline_before, (count + 1) * sizeof(*more), GFP_KERNEL);
	if (!more)
		return false;
	more[count] = (struct storage_scsi_address){
		.channel = device->channel,
		.id = device->id,
		.lun = device->lun,
	};
	recovery->offline_before = more;
	recovery->offline_before_count = count + 1;
	return true;
}

int storage_recovery_start(struct ordeal_storage *storage)
{
	struct scsi_device *device;

	if (!storage->host)
		return 0;
	shost_for_each_device(device, storage->host) {
		if (!is_ours(storage, device) || device->sdev_state != SDEV_OFFLINE)
			continue;
		if (remember_offline(&storage->recovery, device))
			continue;
		scsi_device_put(device);
		kfree(storage->recovery.offline_before);
		return -ENOMEM;
	}
	return 0;
}

static void set_running(struct ordeal_storage *storage, struct scsi_device *device)
{
	int error = -EBUSY;

	mutex_lock(&device->state_mutex);
	if (device->sdev_state == SDEV_OFFLINE)
		error = scsi_device_set_state(device, SDEV_RUNNING);
	mutex_unlock(&device->state_mutex);
	if (error)
		return;
	/* What waits in it was not looked at while the device was offline. */
	blk_mq_run_hw_queues(device->request_queue, true);
	storage->recovery.set_running++;
}

static void rescan(struct ordeal_storage *storage, struct scsi_device *device)
{
#ifdef HAVE_SCSI_RESCAN_OF_DEVICE
	scsi_rescan_device(&device->sdev_gendev);
#else
	scsi_rescan_device(device);
#endif
	storage->recovery.rescanned++;
}

static void recover(struct ordeal_storage *storage, struct scsi_device *device)
{
	if (!was_offline(storage, device))
		set_running(storage, device);
	if (storage->recovery.answered_questions)
		rescan(storage, device);
}

/* After error handling is over. */
void storage_recovery_finish(struct ordeal_storage *storage)
{
	struct scsi_device *device;

	if (!storage->host)
		return;
	shost_for_each_device(device, storage->host)
		if (is_ours(storage, device))
			recover(storage, device);
	kfree(storage->recovery.offline_before);
	storage->recovery.offline_before = NULL;
}
