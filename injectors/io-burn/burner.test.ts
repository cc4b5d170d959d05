import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completedIn, remarkOnEnds } from './burner.ts';
import { ioBurn } from './descriptor.ts';

test('what a process has written is that many requests, and what it says is none', () => {
  assert.equal(completedIn('rchar: 9\nwchar: 196614\nsyscr: 1\nwrite_bytes: 4096\n', 65_536), 3);
  assert.equal(completedIn('wchar: 65535\n', 65_536), 0);
});

test('the ends of burners are told once each with their number', () => {
  const said = ['ended by signal 9', 'ended No space left on device', 'ended by signal 9'];
  assert.equal(remarkOnEnds(said, 4), '3 of 4 burners ended: by signal 9, No space left on device');
  assert.equal(remarkOnEnds([], 4), undefined);
});

for (const [wrong, message] of [
  [{ directory: 'data' }, /absolute path/],
  [{ burners: 0 }, />=1/],
  [{ burners: 65 }, /<=64/],
  [{ requests: 0 }, />=1/],
  [{ block: '6KiB' }, /multiple of 4KiB/],
  [{ block: '2MiB' }, /must be a size/],
  [{ block: '512B' }, /must be a size/],
  [{ size: '512KiB' }, /must be a size/],
  [{ size: 'all' }, /must be a size/],
] as const) {
  test(`${JSON.stringify(wrong)} is refused`, () => {
    assert.match(ioBurn.parameters.safeParse(wrong).error?.message ?? 'accepted', message);
  });
}
