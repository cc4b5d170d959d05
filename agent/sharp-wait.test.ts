import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monotonicUs } from '../clock/monotonic.ts';
import { waitSharply } from './sharp-wait.ts';

test('a wait never ends early, and ends at the abort when that comes first', async () => {
  const never = new AbortController().signal;
  for (const waitUs of [0, 500, 2_500, 20_000]) {
    const atUs = monotonicUs() + waitUs;
    assert.equal(await waitSharply(atUs, never), true);
    assert.ok(monotonicUs() >= atUs);
  }
  const beganUs = monotonicUs();
  assert.equal(await waitSharply(beganUs + 60_000_000, AbortSignal.timeout(20)), false);
  assert.ok(monotonicUs() - beganUs < 30_000_000);
});
