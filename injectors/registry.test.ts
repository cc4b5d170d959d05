import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeInjectors } from './registry.ts';

test('what stays in files of a cgroup when the agent is gone is left to its guardian, and nothing else is', () => {
  const injectors = [...makeInjectors().values()];
  assert.deepEqual(
    injectors.filter((one) => one.willOf !== undefined).map(({ descriptor }) => descriptor.name),
    ['cgroup-freeze', 'cpu-quota', 'memory-limit', 'memory-thrash'],
  );
});
