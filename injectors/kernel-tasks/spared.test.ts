import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownCgroup } from './spared.ts';

const unified = { version: 2, mountPoint: '/sys/fs/cgroup', root: '/', controllers: [] } as const;
const freezer = { version: 1, mountPoint: '/cg/freezer', root: '/', controllers: ['freezer'] } as const;

test('the cgroup of the agent is found in the hierarchy of version 2', () => {
  assert.equal(
    ownCgroup('0::/system.slice/ordeal-agent.service\n', [unified]),
    '/sys/fs/cgroup/system.slice/ordeal-agent.service',
  );
});

test("on a host without one, or where it is in its root there, in the freezer's", () => {
  const lines = '3:freezer:/agents/one\n0::/\n';
  assert.equal(ownCgroup(lines, [freezer]), '/cg/freezer/agents/one');
  assert.equal(ownCgroup(lines, [freezer, unified]), '/cg/freezer/agents/one');
});

test('the root of a hierarchy, in which everything is, protects nothing', () => {
  assert.equal(ownCgroup('0::/\n', [unified]), undefined);
  assert.equal(ownCgroup('', [unified]), undefined);
});
