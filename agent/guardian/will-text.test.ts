import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Will } from '../../injectors/will.ts';
import { readBootId } from '../../procfs/identity.ts';
import { guardianProgram } from '../../service/guardian-program.ts';
import { formatWill } from './will-text.ts';

const bootId = await readBootId();

/** What the guardian says of each text, in their order: it reads a whole folder at once. */
function understood(texts: readonly (string | Uint8Array)[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'ordeal-wills-'));
  try {
    texts.forEach((text, n) => writeFileSync(join(folder, String(n).padStart(4, '0')), text));
    const { stdout, signal, error } = spawnSync(guardianProgram(), ['--check', folder], { encoding: 'utf8' });
    assert.deepEqual([signal, error], [null, undefined], 'it ends by itself');
    const lines = stdout.split('\n').slice(0, -1);
    assert.equal(lines.length, texts.length, 'a line for each');
    return lines.map((line) => line.slice('0000: '.length));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/);
const value = fc.stringMatching(/^[A-Za-z0-9-]([A-Za-z0-9 -]{0,61}[A-Za-z0-9-])?$/);
const part = fc.stringMatching(/^[A-Za-z0-9_@:.\\ -]{1,40}$/).filter((one) => !one.startsWith('.'));
const file = fc.constantFrom(
  'cgroup.freeze',
  'cpu.max',
  'memory.max',
  'memory.swap.max',
  'freezer.state',
  'cpu.cfs_quota_us',
  'cpu.cfs_period_us',
  'memory.limit_in_bytes',
  'memory.memsw.limit_in_bytes',
);
const willOf: fc.Arbitrary<Will> = fc.record({
  group: fc.record({
    directory: fc.array(part, { minLength: 1, maxLength: 20 }).map((parts) => `/${parts.join('/')}`),
    inode: fc.maxSafeNat(),
  }),
  restores: fc.array(fc.record({ file, applied: value, before: value }), { minLength: 1, maxLength: 4 }),
  isWhole: fc.boolean(),
});
const due = fc.record({ id: name, deadlineUs: fc.integer({ min: 0, max: 2 ** 52 }) });

test('the guardian understands every will as it was meant', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(due, willOf), { minLength: 1, maxLength: 100 }), (wills) => {
      const told = wills.map(([{ id, deadlineUs }, { group, restores }]) => {
        const all = restores.map((one) => `; ${one.file}: ${one.applied} -> ${one.before}`).join('');
        return `${id} at ${deadlineUs} in ${group.inode} ${group.directory}${all}`;
      });
      assert.deepEqual(
        understood(wills.map(([{ ...when }, will]) => formatWill({ ...when, bootId }, will))),
        told,
      );
    }),
    { numRuns: 20 },
  );
});

const whole = formatWill(
  { id: 'i-1', bootId, deadlineUs: 5_000_000 },
  {
    group: { directory: '/sys/fs/cgroup/web', inode: 77 },
    restores: [
      { file: 'cpu.max', applied: '10000 100000', before: 'max 100000' },
      { file: 'memory.max', applied: '4096', before: 'max' },
    ],
    isWhole: true,
  },
);

test('no bytes at all make it crash, and none but a will is taken for one', () => {
  const bytes = fc.uint8Array({ maxLength: 6_000 });
  const lines = fc
    .array(fc.oneof(fc.constantFrom(...whole.split('\n')), fc.string({ unit: 'binary' })), { maxLength: 12 })
    .map((some) => some.join('\n'))
    // A will that came about by chance says all that one has to say.
    .filter((text) => !/^ordeal will 1\nboot [^\n]+\nid /.test(text));
  fc.assert(
    fc.property(fc.array(fc.oneof(bytes, lines), { minLength: 1, maxLength: 200 }), (texts) => {
      for (const said of understood(texts)) assert.match(said, /^refused: /);
    }),
    { numRuns: 20 },
  );
});

test('a will that has lost a byte anywhere, or got one, or another, is refused or means what it says', () => {
  const changed = Array.from({ length: whole.length }, (_, at) => at).flatMap((at) =>
    ['', '\n', '9'].flatMap((by) => [
      whole.slice(0, at) + by + whole.slice(at + 1),
      whole.slice(0, at) + by + whole.slice(at),
    ]),
  );
  const said = understood(changed);
  changed.forEach((text, n) => {
    const [id, deadline, cgroup, ...restores] = text.split('\n').slice(2, -1);
    const means = [
      `${id?.slice('id '.length)} at ${Number(deadline?.slice('deadline_us '.length))}`,
      `in ${Number(cgroup?.split(' ')[1])} ${cgroup?.split(' ').slice(2).join(' ')}`,
    ].join(' ');
    const all = restores.map((line) => `; ${line.slice('restore '.length)}`).join('');
    if (said[n]?.startsWith('refused: ') !== true) assert.equal(said[n], means + all);
  });
});

for (const [what, text, why] of [
  ['nothing', '', /its first line/],
  ['another version', whole.replace('will 1', 'will 2'), /its first line/],
  ['another boot', whole.replace(/boot .*/, 'boot 1'), /another boot/],
  ['a name that is a path', whole.replace('id i-1', 'id ../i-1'), /its id is no name/],
  ['a deadline that does not fit', whole.replace('5000000', '99999999999999999999'), /no instant/],
  ['a deadline before the clock', whole.replace('5000000', '-5'), /no instant/],
  ['a way up', whole.replace('/cgroup/web', '/cgroup/../../../etc'), /path of its cgroup/],
  ['a relative path', whole.replace('/sys', 'sys'), /path of its cgroup/],
  ['a file of another kind', whole.replace('cpu.max:', 'cgroup.procs:'), /none of those/],
  ['a file in a folder', whole.replace('cpu.max:', 'below/cpu.max:'), /none of those/],
  ['a value that is a script', whole.replace('max 100000', '$(reboot)'), /a value is none/],
  ['no end of its last line', whole.trimEnd(), /a line is none/],
  ['nothing to restore', whole.replaceAll(/restore .*\n/g, ''), /it restores nothing/],
  ['five files', whole + 'restore cpu.max: 1 -> 2\n'.repeat(3), /too many files/],
  ['more than fits', whole + 'x'.repeat(5_000), /too long/],
] as const) {
  test(`a will with ${what} is refused, and it is said why`, () => {
    assert.match(understood([text])[0] ?? '', why);
  });
}
