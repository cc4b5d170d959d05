import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadOrder } from './load-order.ts';

const dependencies = [
  'kernel/drivers/virtio/virtio.ko:',
  'kernel/drivers/virtio/virtio_ring.ko: kernel/drivers/virtio/virtio.ko',
  'kernel/drivers/block/virtio_blk.ko: kernel/drivers/virtio/virtio_ring.ko kernel/drivers/virtio/virtio.ko',
  'kernel/fs/ext4/ext4.ko.xz: kernel/fs/jbd2/jbd2.ko.xz',
  'kernel/fs/jbd2/jbd2.ko.xz:',
  'kernel/crypto/crc32c-generic.ko:',
].join('\n');

test('what a module needs is loaded before it, and once', () => {
  assert.deepEqual(loadOrder(dependencies, ['virtio_ring', 'virtio_blk']), [
    'kernel/drivers/virtio/virtio.ko',
    'kernel/drivers/virtio/virtio_ring.ko',
    'kernel/drivers/block/virtio_blk.ko',
  ]);
});

test('a compressed module is found by its name', () => {
  assert.deepEqual(loadOrder(dependencies, ['ext4']), [
    'kernel/fs/jbd2/jbd2.ko.xz',
    'kernel/fs/ext4/ext4.ko.xz',
  ]);
});

test('a hyphen in the name of a file is an underscore in that of the module', () => {
  assert.deepEqual(loadOrder(dependencies, ['crc32c_generic']), ['kernel/crypto/crc32c-generic.ko']);
});

test('a module that the kernel has built in is not loaded', () => {
  assert.deepEqual(loadOrder(dependencies, ['virtio_pci']), []);
});
