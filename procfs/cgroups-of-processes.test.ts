import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCgroups } from './cgroups-of-processes.ts';

test('of a host with one hierarchy there is one path, also with a colon in it', () => {
  assert.deepEqual(parseCgroups('0::/system.slice/a:b.scope\n'), ['/system.slice/a:b.scope']);
});

test('a path that several hierarchies have is one path, and the root is none', () => {
  const text = '12:freezer:/docker/x\n11:cpu,cpuacct:/docker/x\n1:name=systemd:/docker/x\n0::/\n';
  assert.deepEqual(parseCgroups(text), ['/docker/x']);
});

test('what lies outside of the own cgroup namespace has no path', () => {
  assert.deepEqual(parseCgroups('0::/../libpod-1\n'), []);
});

test('of a process that has gone nothing is said', () => {
  assert.deepEqual(parseCgroups(''), []);
});
