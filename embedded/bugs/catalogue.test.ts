import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut } from '../layout.ts';
import { soundRepairs } from '../repairs.ts';
import { parseSubnet } from '../subnet.ts';
import { bugNames, type BugName } from './bug-name.ts';
import { repairsOf } from './catalogue.ts';

const subnet = parseSubnet('198.18.5.0/24');
assert.ok(subnet);

/** All that the repairs write into the files of host-1 and of the front. */
function written(bugs: readonly BugName[] | undefined): string[] {
  const system = layOut('one', '/run/x', subnet ?? assert.fail(), bugs);
  const [host] = system.hosts;
  assert.ok(host);
  const { firstStart, restart, startRetries, answer, requestRules, sections } = repairsOf(system);
  return [
    ...firstStart(host),
    ...restart(host),
    String(startRetries),
    answer(host),
    ...requestRules,
    ...sections,
  ];
}

test('a target has no bug that was not asked for', () => {
  const system = layOut('one', '/run/x', subnet);
  assert.deepEqual(system.bugs, []);
  assert.deepEqual(Object.keys(repairsOf(system)), Object.keys(soundRepairs(system)));
  assert.deepEqual(written(undefined), ['sleep 2', '1000', 'return 200 "ordeal embedded ok\\n";']);
});

test('each bug changes a repair, and all of them can be there at once, in whatever order they are asked for', () => {
  for (const bug of bugNames) assert.notDeepEqual(written([bug]), written([]), bug);
  assert.deepEqual(written([...bugNames].reverse()), written(bugNames));
  for (const bug of bugNames) {
    const missing = written([bug]).filter(
      (line) => !written([]).includes(line) && !written(bugNames).includes(line),
    );
    assert.deepEqual(missing, [], bug);
  }
});

test('a restart that is not let through has not touched the page yet', () => {
  const [lock, copy] = ['mkdir', 'nsenter'].map((word) =>
    written(bugNames).findIndex((line) => line.startsWith(word)),
  );
  assert.ok(lock !== undefined && copy !== undefined && lock >= 0 && lock < copy);
});
