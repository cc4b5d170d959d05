import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directoryIn, hierarchiesAmong } from './cgroup-hierarchies.ts';
import { parseMounts } from './mounts.ts';

test('a hybrid host has a hierarchy for each set of v1 controllers, and the unified one', () => {
  const hierarchies = hierarchiesAmong(
    parseMounts(
      [
        '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard',
        '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct',
        '37 31 0:34 / /sys/fs/cgroup/free\\040zer rw,relatime - cgroup cgroup rw,freezer',
        '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
      ].join('\n'),
    ),
  );
  assert.deepEqual(hierarchies, [
    { version: 1, mountPoint: '/sys/fs/cgroup/cpu,cpuacct', root: '/', controllers: ['cpu', 'cpuacct'] },
    { version: 1, mountPoint: '/sys/fs/cgroup/free zer', root: '/', controllers: ['freezer'] },
    { version: 2, mountPoint: '/sys/fs/cgroup/unified', root: '/', controllers: [] },
  ]);
});

test('a hierarchy that is mounted twice is taken where all of it is seen', () => {
  const part = '50 31 0:38 /part /run/part rw - cgroup2 cgroup2 rw';
  const whole = '41 31 0:38 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw,nsdelegate';
  for (const lines of [
    [part, whole],
    [whole, part],
  ]) {
    const mounts = hierarchiesAmong(parseMounts(lines.join('\n'))).map((hierarchy) => hierarchy.mountPoint);
    assert.deepEqual(mounts, ['/sys/fs/cgroup']);
  }
});

test('a cgroup is found below the part that is mounted, and never outside of it', () => {
  const part = { version: 2, mountPoint: '/mnt', root: '/part', controllers: [] } as const;
  assert.equal(directoryIn(part, 'part/web'), '/mnt/web');
  assert.equal(directoryIn(part, 'other/web'), undefined);
  assert.equal(directoryIn({ ...part, root: '/' }, 'a/web'), '/mnt/a/web');
  assert.equal(directoryIn({ ...part, root: '/' }, ''), undefined, 'the root itself is no container');
});
