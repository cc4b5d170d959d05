import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mode } from '../mode.ts';
import { modeAttribute, shareAsked } from './mode-attribute.ts';

const known: readonly [Mode, string, number][] = [
  [{ kind: 'permanent' }, 'permanent', 1],
  [{ kind: 'probabilistic', share: 0.3 }, 'share 300000000', 0.3],
  [{ kind: 'probabilistic', share: 0 }, 'share 0', 0],
  [{ kind: 'probabilistic', share: 1 }, 'share 1000000000', 1],
  [{ kind: 'oneIn', n: 7 }, 'one_in 7', 1 / 7],
  [{ kind: 'burst', onUs: 200_000, offUs: 800_000 }, 'burst 200000 800000', 0.2],
];

for (const [mode, text, share] of known) {
  test(`the mode ${JSON.stringify(mode)} is told to the kernel as "${text}", and asks for ${share}`, () => {
    assert.equal(modeAttribute(mode), text);
    assert.equal(shareAsked(mode), share);
  });
}

const wrong: readonly Mode[] = [
  { kind: 'probabilistic', share: 1.01 },
  { kind: 'probabilistic', share: Number.NaN },
  { kind: 'probabilistic', share: 1e-10 },
  { kind: 'oneIn', n: 0 },
  { kind: 'oneIn', n: 2_000_000_000 },
  { kind: 'burst', onUs: 0, offUs: 1 },
  { kind: 'burst', onUs: 1, offUs: 4_000_000_000 },
];

for (const mode of wrong) {
  test(`the mode ${JSON.stringify(mode)} is refused before the kernel is asked`, () => {
    assert.throws(() => modeAttribute(mode), { code: 'INVALID_INPUT' });
  });
}
