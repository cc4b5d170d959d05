import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { within } from '../cgroup/control-group.ts';
import { cpuQuota, limitOf } from './descriptor.ts';
import { isOurs, limitFiles, parseCpuMax, sameLimit, shareOf, stepsBetween, type Limit } from './limit.ts';

const limits: fc.Arbitrary<Limit> = fc.record({
  quotaUs: fc.oneof(fc.constant<'max'>('max'), fc.integer({ min: 1_000, max: 2_000_000 })),
  periodUs: fc.integer({ min: 1_000, max: 1_000_000 }),
});

test('a limit is never looser in between than the looser of before and after', () => {
  fc.assert(
    fc.property(limits, limits, (from, to) => {
      let now = from;
      for (const step of stepsBetween(from, to)) {
        now = step === 'quota' ? { ...now, quotaUs: to.quotaUs } : { ...now, periodUs: to.periodUs };
        assert.ok(shareOf(now) <= Math.max(shareOf(from), shareOf(to)));
      }
      assert.ok(sameLimit(now, to));
    }),
  );
});

test('a half-written limit is the fault’s, one that somebody else set is not', () => {
  const before: Limit = { quotaUs: 'max', periodUs: 100_000 };
  const asked: Limit = { quotaUs: 5_000, periodUs: 50_000 };
  assert.ok(isOurs(asked, before, asked));
  assert.ok(isOurs({ quotaUs: 'max', periodUs: 50_000 }, before, asked));
  assert.ok(isOurs({ quotaUs: 5_000, periodUs: 100_000 }, before, asked));
  assert.ok(!isOurs(before, before, asked));
  assert.ok(!isOurs({ quotaUs: 30_000, periodUs: 100_000 }, before, asked));
  assert.ok(!isOurs({ quotaUs: 30_000, periodUs: 50_000 }, before, asked));
});

test('cpu.max is read as the kernel prints it', () => {
  assert.deepEqual(parseCpuMax('max 100000'), { quotaUs: 'max', periodUs: 100_000 });
  assert.deepEqual(parseCpuMax('20000 50000'), { quotaUs: 20_000, periodUs: 50_000 });
});

test('a share of one CPU becomes a quota in the period', () => {
  assert.deepEqual(limitOf({ share: '10%', period: '100ms' }), { quotaUs: 10_000, periodUs: 100_000 });
  assert.deepEqual(limitOf({ share: '250%', period: '20ms' }), { quotaUs: 50_000, periodUs: 20_000 });
  assert.deepEqual(limitOf({ share: '12.5%', period: '1s' }), { quotaUs: 125_000, periodUs: 1_000_000 });
});

for (const [wrong, message] of [
  [{ share: '10' }, /percentage of one CPU/],
  [{ share: '0%' }, /percentage of one CPU/],
  [{ share: 0.1 }, /expected string/],
  [{ share: '100001%' }, /percentage of one CPU/],
  [{ period: '9ms' }, /must be a duration from .*10ms/],
  [{ period: '2s' }, /must be a duration from .*10ms/],
  [{ period: '100' }, /must be a duration from .*10ms/],
  [{ share: '5%', period: '10ms' }, /less than 1 ms in each period/],
  [{ quota: '10%' }, /Unrecognized key.*quota/],
] as const) {
  test(`${JSON.stringify(wrong)} is refused`, () => {
    assert.match(cpuQuota.parameters.safeParse(wrong).error?.message ?? 'accepted', message);
  });
}

test('v2 takes both numbers at once, and v1 each in its file', async (context) => {
  const directory = await mkdtemp('/tmp/ordeal-limit-');
  context.after(async () => {
    await rm(directory, { recursive: true });
  });
  // A host has the cpu controller in one version only, so the other's files are ordinary ones here.
  const files = { 'cpu.max': 'max 100000\n', 'cpu.cfs_quota_us': '-1\n', 'cpu.cfs_period_us': '100000\n' };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const group = { directory, inode: (await stat(directory)).ino };
  const before: Limit = { quotaUs: 'max', periodUs: 100_000 };
  const asked: Limit = { quotaUs: 100_000, periodUs: 500_000 };
  for (const version of [1, 2] as const) {
    const limit = limitFiles[version];
    await within(group, async (control) => {
      assert.deepEqual(await limit.read(control), before);
      await limit.write(control, before, asked);
      assert.deepEqual(await limit.read(control), asked);
    });
  }
  assert.equal(
    await readFile(join(directory, 'cpu.max'), 'utf8').then((text) => text.slice(0, 13)),
    '100000 500000',
  );
});

for (const version of [1, 2] as const)
  test(`what is left to the guardian restores all that version ${version} was told, and in no other order`, () => {
    fc.assert(
      fc.property(limits, limits, (from, to) => {
        const restores = limitFiles[version].restores(from, to);
        const written = restores.map(({ before }) => before).join(' ');
        if (version === 2) assert.equal(written, `${to.quotaUs} ${to.periodUs}`);
        else {
          const quota = to.quotaUs === 'max' ? '-1' : String(to.quotaUs);
          const texts = { quota, period: String(to.periodUs) };
          assert.equal(
            written,
            stepsBetween(from, to)
              .map((step) => texts[step])
              .join(' '),
          );
        }
      }),
    );
  });
