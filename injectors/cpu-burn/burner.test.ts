import assert from 'node:assert/strict';
import { test } from 'node:test';
import { burnersOf, readReport } from './burner.ts';
import { cpuBurn } from './descriptor.ts';

test('the burners are told their number, load, nice value and when to end by themselves', () => {
  const parameters = { burners: 3, load: '12.5%', nice: -5 };
  assert.deepEqual(burnersOf(parameters, 1_500_000).args, ['3', '0.125', '-5', '3.5']);
});

test('a report tells the forked, the killed and the refused apart', () => {
  assert.deepEqual(
    readReport(['refused Resource temporarily unavailable', 'forked 5', 'killed 9', 'killed 15']),
    {
      forked: 5,
      killed: 2,
      refusedBecause: 'Resource temporarily unavailable',
    },
  );
  assert.deepEqual(readReport(['forked 2']), { forked: 2, killed: 0 });
});

for (const [wrong, message] of [
  [{ burners: 0 }, />=1/],
  [{ burners: 5000 }, /<=4096/],
  [{ load: '0%' }, /percentage from .*1%/],
  [{ load: '101%' }, /percentage from .*1%/],
  [{ load: 0.5 }, /expected string/],
  [{ nice: -21 }, />=-20/],
] as const) {
  test(`${JSON.stringify(wrong)} is refused`, () => {
    assert.match(cpuBurn.parameters.safeParse(wrong).error?.message ?? 'accepted', message);
  });
}
