// SPDX-License-Identifier: GPL-2.0-only
/* A SCSI host or one device of it, by its address. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "storage.h"

/* What a request may be delayed for at most, unless its timeout is to be provoked: the driver needs its share of the time. */
static u64 longest_delay_us(struct scsi_device *device)
{
	return jiffies_to_usecs(device->request_queue->rq_timeout) / 2;
}

int storage_parse_scsi(struct ordeal_storage *storage, const char *text)
{
	struct storage_scsi_address address = { .given = true };
	unsigned long long lun = 0;
	char word[64], more[2];
	int found;

	strscpy(word, skip_spaces(text), sizeof(word));
	strim(word);
	found = sscanf(word, "%u:%u:%u:%llu%1s", &address.host, &address.channel, &address.id, &lun, more);
	address.lun = lun;
	/* "%u" takes a sign, too. */
	if ((found == 1 || found == 4) && word[strspn(word, "0123456789:")] == '\0' &&
	    (found == 4 || !strchr(word, ':'))) {
		address.whole_host = found == 1;
		storage->scsi = address;
		return 0;
	}
	if (word[0] == '\0') {
		storage->scsi = (struct storage_scsi_address){};
		return 0;
	}
	return ordeal_refuse(&storage->fault, -EINVAL,
			     "scsi: \"%s\" is neither host:channel:id:lun nor the number of a host", word);
}

int storage_show_scsi(const struct storage_scsi_address *address, char *page, int at)
{
	if (!address->given)
		return at;
	if (address->whole_host)
		return at + scnprintf(page + at, PAGE_SIZE - at, "%u", address->host);
	return at + scnprintf(page + at, PAGE_SIZE - at, "%u:%u:%u:%llu", address->host, address->channel,
			      address->id, address->lun);
}

static int refuse_delay(struct ordeal_storage *storage, struct scsi_device *device)
{
	u64 most = longest_delay_us(device);

	if (storage->effect != STORAGE_DELAY || storage->provoke_timeout || storage->delay_us + storage->jitter_us <= most)
		return 0;
	return ordeal_refuse(&storage->fault, -EINVAL,
			     "delay_us: %llu and jitter_us, %llu, are more than %llu, half the timeout of a request of %s; to provoke timeouts write 1 to provoke_timeout",
			     storage->delay_us, storage->jitter_us, most, dev_name(&device->sdev_gendev));
}

static int refuse_devices(struct ordeal_storage *storage)
{
	struct scsi_device *device;
	int count = 0;

	shost_for_each_device(device, storage->host) {
		int error = refuse_delay(storage, device);

		if (error) {
			scsi_device_put(device);
			return error;
		}
		count++;
	}
	if (count == 0)
		return ordeal_refuse(&storage->fault, -ENODEV, "scsi: host %u has no devices", storage->scsi.host);
	return 0;
}

/* The device may be gone in the next instant: storage_hook_host() looks again. */
int storage_find_scsi(struct ordeal_storage *storage)
{
	const struct storage_scsi_address *address = &storage->scsi;
	int error;

	storage->host = scsi_host_lookup(address->host);
	if (!storage->host)
		return ordeal_refuse(&storage->fault, -ENODEV, "scsi: there is no host %u", address->host);
	/* Its template is in its driver, which has to stay while ours is in the place of it. */
	if (!try_module_get(storage->host->hostt->module)) {
		error = ordeal_refuse(&storage->fault, -ENODEV, "scsi: the driver of host %u is going", address->host);
		goto err_host;
	}
	if (address->whole_host) {
		error = refuse_devices(storage);
		if (error)
			goto err_module;
		return 0;
	}
	storage->device = scsi_device_lookup(storage->host, address->channel, address->id, address->lun);
	if (!storage->device) {
		error = ordeal_refuse(&storage->fault, -ENODEV, "scsi: there is no device %u:%u:%u:%llu", address->host,
				      address->channel, address->id, address->lun);
		goto err_module;
	}
	error = refuse_delay(storage, storage->device);
	if (!error)
		return 0;
	scsi_device_put(storage->device);
	storage->device = NULL;
err_module:
	module_put(storage->host->hostt->module);
err_host:
	scsi_host_put(storage->host);
	storage->host = NULL;
	return error;
}

void storage_forget_scsi(struct ordeal_storage *storage)
{
	struct module *driver = storage->host->hostt->module;

	if (storage->device)
		scsi_device_put(storage->device);
	scsi_host_put(storage->host);
	module_put(driver);
	storage->device = NULL;
	storage->host = NULL;
}
