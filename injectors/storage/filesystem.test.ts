import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasKnownSpace, shareSpace, type Filesystem } from './filesystem.ts';

const [ext4, btrfs, overlay, zfs, proc] = [0xef53, 0x9123683e, 0x794c7630, 0x2fc12fc1, 0x9fa0];
const disk: Filesystem = { device: 1, kind: ext4, sizeBytes: 1 << 30, freeBytes: 1 << 29, files: 65_536 };

test('two directories of one device share its space', () => {
  assert.equal(shareSpace(disk, { ...disk, freeBytes: 0 }), true);
});

test('two disks of the same size do not share any space', () => {
  assert.equal(shareSpace(disk, { ...disk, device: 2 }), false);
});

test("a container's overlay shares the space of the disk that it is on, whatever its device", () => {
  const root = { ...disk, device: 2, kind: overlay };
  assert.equal(shareSpace(root, disk), true);
  assert.equal(shareSpace(disk, root), true);
  assert.equal(shareSpace({ ...root, sizeBytes: 1 << 20 }, disk), false);
});

test('two subvolumes of btrfs share the space', () => {
  const subvolume = { ...disk, kind: btrfs, files: 0 };
  assert.equal(shareSpace(subvolume, { ...subvolume, device: 2 }), true);
});

test('what is full when a pool is full, or a filesystem without a size, is not known', () => {
  assert.equal(hasKnownSpace(disk), true);
  assert.equal(hasKnownSpace({ ...disk, kind: overlay }), true);
  assert.equal(hasKnownSpace({ ...disk, kind: zfs }), false);
  assert.equal(hasKnownSpace({ ...disk, kind: proc, sizeBytes: 0 }), false);
  assert.equal(hasKnownSpace({ ...disk, sizeBytes: 0 }), false);
});
