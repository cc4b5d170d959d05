import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OrdealError } from '../errors/ordeal-error.ts';
import { monotonicUs } from '../clock/monotonic.ts';
import { readBootId } from '../procfs/identity.ts';
import { holdToContract } from './contract.ts';
import { cpuQuota } from './cpu-quota/descriptor.ts';
import type { Effects, Injection, Injector } from './injector.ts';
import { noopInjector } from './noop/injector.ts';

async function injection(given: Partial<Injection> = {}): Promise<Injection> {
  const bootId = await readBootId();
  return {
    id: 'web-1',
    target: { kind: 'host', host: 'alpha', bootId },
    parameters: {},
    mode: { kind: 'permanent' },
    seed: 1,
    durationUs: 1_000,
    ...given,
  };
}

function holding(given: Partial<Injector>): Injector {
  return holdToContract({ ...noopInjector, ...given });
}

test('a revert that left something has failed, and says what, and whose it was', async () => {
  const injector = holding({
    verify: async () => await Promise.resolve({ holds: false, found: 'the table is there' }),
  });
  await assert.rejects(injector.revert(await injection(), {}), {
    code: 'REVERT_FAILED',
    message: 'injection web-1 (noop on host alpha) was not reverted: the table is there',
  });
});

test('an act fails with the code of the act, whatever went wrong in it, and keeps the cause and its advice', async () => {
  const cause = new OrdealError('NO_TARGET', 'it is gone', { remedy: 'Start it.' });
  const injector = holding({ apply: async () => await Promise.reject(cause) });
  await assert.rejects(injector.apply(await injection(), {}), {
    code: 'APPLY_FAILED',
    cause,
    remedy: 'Start it.',
  });
  const broken = holding({ apply: async () => await Promise.reject(new Error('EIO')) });
  await assert.rejects(broken.apply(await injection(), {}), {
    code: 'APPLY_FAILED',
    message: /EIO/,
    remedy: /was reverted/,
  });
});

for (const effects of [
  { count: -1 },
  { count: 1.5 },
  { count: 2, firstUs: 20, lastUs: 10 },
  { count: 0, firstUs: 10 },
] satisfies Effects[]) {
  test(`the effects ${JSON.stringify(effects)} are not believed`, async () => {
    const injector = holding({ effects: async () => await Promise.resolve(effects) });
    await assert.rejects(injector.effects(await injection(), {}), {
      code: 'INTERNAL',
      message: /impossible effects/,
    });
  });
}

test('a fault that is gone is not called stuck because its counters lied: what it did is unknown', async () => {
  const lie = { count: 2, firstUs: 20, lastUs: 10, offUs: 30 };
  const injector = holding({ revert: async () => await Promise.resolve(lie) });
  const { count, offUs, remark = '', ...others } = await injector.revert(await injection(), {});
  assert.deepEqual({ count, offUs, others }, { count: 'unknown', offUs: 30, others: {} });
  assert.match(remark, /impossible effects: .*"firstUs":20,"lastUs":10/);
});

test('what the first revert knew is not forgotten by the second', async () => {
  const answers: Effects[] = [{ count: 7, firstUs: 1, lastUs: 2 }, { count: 'unknown' }];
  const injector = holding({
    revert: async () => await Promise.resolve(answers.shift() ?? { count: 'unknown' }),
  });
  const first = await injector.revert(await injection(), {});
  assert.deepEqual(await injector.revert(await injection(), {}), first);
  assert.equal((await injector.revert(await injection({ id: 'web-2' }), {})).count, 'unknown');
});

test('what a fault did before it was prepared anew is not told again', async () => {
  const answers: Effects[] = [{ count: 7 }, { count: 'unknown' }];
  const injector = holding({
    revert: async () => await Promise.resolve(answers.shift() ?? { count: 'unknown' }),
  });
  await injector.revert(await injection(), {});
  await injector.capture(await injection());
  assert.equal((await injector.revert(await injection(), {})).count, 'unknown');
});

test('a fault was off when its revert answered, before that was read back', async () => {
  let readBackUs = Number.NaN;
  const injector = holding({
    verify: async () => {
      readBackUs = monotonicUs();
      while (monotonicUs() === readBackUs) await Promise.resolve();
      return { holds: true };
    },
  });
  const beforeUs = monotonicUs();
  const { offUs = Number.NaN } = await injector.revert(await injection(), {});
  assert.ok(offUs >= beforeUs && offUs <= readBackUs, `${beforeUs} <= ${offUs} <= ${readBackUs}`);
});

test('an injector that ended its fault earlier says so itself', async () => {
  const injector = holding({ revert: async () => await Promise.resolve({ count: 1, offUs: 42 }) });
  assert.equal((await injector.revert(await injection(), {})).offUs, 42);
});

test('an act waits for the one before it, also for one that failed, and not for that of another injection', async () => {
  const order: string[] = [];
  let fail: (error: Error) => void = () => undefined;
  const injector = holding({
    apply: async () => {
      await new Promise((_, reject) => (fail = reject));
    },
    revert: async ({ id }) => {
      order.push(`reverted ${id}`);
      return await Promise.resolve({ count: 0 });
    },
  });
  const start = injector.apply(await injection(), {}).catch(() => order.push('failed'));
  const end = injector.revert(await injection(), {});
  await injector.revert(await injection({ id: 'web-2' }), {});
  assert.deepEqual(order, ['reverted web-2']);
  fail(new Error('no'));
  await Promise.all([start, end]);
  assert.deepEqual(order.toSorted(), ['failed', 'reverted web-1', 'reverted web-2']);
});

test('defaults are filled in before the mechanism sees the parameters', async () => {
  const seen: unknown[] = [];
  const injector = holdToContract({
    ...noopInjector,
    descriptor: { ...cpuQuota, serves: [] },
    capture: async ({ parameters }) => {
      seen.push(parameters);
      return await Promise.resolve({});
    },
  });
  await injector.capture(await injection());
  assert.deepEqual(seen, [{ share: '10%', period: '100ms' }]);
});

for (const [given, message] of [
  [{ id: 'Web 1' }, /id/],
  [{ id: '' }, /id/],
  [{ id: 'x'.repeat(201) }, /id/],
  [{ durationUs: 0 }, /durationUs/],
  [{ seed: 0.5 }, /seed/],
] satisfies [Partial<Injection>, RegExp][]) {
  test(`an injection with ${JSON.stringify(given).slice(0, 40)} is refused`, async () => {
    await assert.rejects(holding({}).capture(await injection(given)), { code: 'INVALID_INPUT', message });
  });
}
