import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryThrash } from './descriptor.ts';
import { thrashersOf } from './thrasher.ts';

const parameters = memoryThrash.parameters.parse({ pressure: '30%', room: '16MiB' });
const pressure = { kind: 'pressure', pattern: 'total=' } as const;
const room = String(16 * 2 ** 20);

test('thrashers of a host are told how much memory to leave, those of a cgroup that its limit does that', () => {
  const group = { directory: '/cg/web', inode: 7, file: 'memory.pressure' };
  const onHost = thrashersOf(parameters, { ...pressure, file: '/proc/pressure/memory' }, 1_000_000);
  const inGroup = thrashersOf(parameters, { ...pressure, ...group }, 1_000_000);
  assert.deepEqual([onHost.args.at(-1), inGroup.args.at(-1)], [room, '0']);
  assert.deepEqual([onHost.args[2], inGroup.args[2]], ['/proc/pressure/memory', '/cg/web/memory.pressure']);
});

test('they steer by microseconds of waiting in a second, and end by their own clock after the fault', () => {
  const { args } = thrashersOf(parameters, { ...pressure, file: '/proc/pressure/memory' }, 5_000_000);
  assert.deepEqual(args.slice(4, 6), ['300000', '7']);
});
