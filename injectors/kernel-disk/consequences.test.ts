import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMounts } from '../../procfs/mounts.ts';
import { consequencesOn, givenUpAmong } from './consequences.ts';

test('a filesystem that an error made read-only is told from one that is mounted so', () => {
  const mounts = parseMounts(
    [
      '30 1 8:0 / /data rw,relatime - ext4 /dev/sda ro,errors=remount-ro',
      '31 1 8:16 / /archive ro,relatime - ext4 /dev/sdb ro',
      '32 1 8:32 / /fine rw,relatime - ext4 /dev/sdc rw',
      '33 1 8:48 / /newer rw,relatime - ext4 /dev/sdd rw,emergency_ro',
      '34 1 0:40 / /lower rw,relatime - overlay overlay ro,lowerdir=/a',
    ].join('\n'),
  );
  assert.deepEqual(
    givenUpAmong(mounts).map(({ mountPoint }) => mountPoint),
    ['/data', '/newer'],
  );
});

test('a disk without such a filesystem has no consequence to tell', async () => {
  assert.equal(await consequencesOn('no-such-disk'), undefined);
});
