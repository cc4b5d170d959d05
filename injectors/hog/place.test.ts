import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hierarchy } from '../../procfs/cgroup-hierarchies.ts';
import { processFilesOf } from './place.ts';

const hierarchies: readonly Hierarchy[] = [
  { version: 1, mountPoint: '/cg/cpu', root: '/', controllers: ['cpu', 'cpuacct'] },
  { version: 1, mountPoint: '/cg/systemd', root: '/', controllers: ['name=systemd'] },
  { version: 1, mountPoint: '/cg/part', root: '/part', controllers: ['memory'] },
  { version: 2, mountPoint: '/cg/unified', root: '/', controllers: [] },
];

test('a process is followed into its cgroup of each hierarchy that is mounted here', () => {
  const lines = '5:cpu,cpuacct:/web:1/app\n4:memory:/part/web\n3:pids:/web\n1:name=systemd:/\n0::/web\n';
  assert.deepEqual(processFilesOf(lines, hierarchies), [
    '/cg/cpu/web:1/app/cgroup.procs',
    '/cg/part/web/cgroup.procs',
    '/cg/systemd/cgroup.procs',
    '/cg/unified/web/cgroup.procs',
  ]);
});

test('a cgroup that the mount does not show is left out', () => {
  assert.deepEqual(processFilesOf('4:memory:/elsewhere\n', hierarchies), []);
});
