import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { readBootId } from '../../procfs/identity.ts';
import { guardianProgram } from '../../service/guardian-program.ts';
import { until } from '../../test/until.ts';
import { formatWill } from './will-text.ts';

function folder(context: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'ordeal-guardian-'));
  context.after(() => rmSync(made, { recursive: true }));
  return made;
}

/** The guardian of a shell, to its end. */
function guard(wills: string, script: string, ...args: string[]) {
  const argv = ['--wills', wills, '--', 'sh', '-c', script, ...args];
  return spawnSync(guardianProgram(), argv, { encoding: 'utf8' });
}

test('an agent that ends by itself ends its guardian, with its code', (context) => {
  assert.equal(guard(join(folder(context), 'wills'), 'exit 7').status, 7);
});

test('an agent that is killed is started again, as often as it takes', (context) => {
  const starts = join(folder(context), 'starts');
  const script = 'echo x >> "$0"; [ "$(wc -l < "$0")" -lt 3 ] || exit 0; kill -KILL $$';
  const { status, stderr } = guard(join(folder(context), 'wills'), script, starts);
  assert.equal(status, 0);
  assert.equal(readFileSync(starts, 'utf8'), 'x\nx\nx\n');
  assert.match(stderr, /"level":40,.*"name":"guardian","msg":"the agent was killed by signal 9; 0 faults/);
});

test('a guardian that is told to end tells its agent, and waits for it', async (context) => {
  const made = folder(context);
  const script = 'trap "sleep 0.2; exit 5" TERM; echo > "$0"; while :; do sleep 0.02; done';
  const started = join(made, 'started');
  const argv = ['--wills', join(made, 'wills'), '--', 'sh', '-c', script, started];
  const guardian = spawn(guardianProgram(), argv, { stdio: 'ignore' });
  const exited = once(guardian, 'exit');
  await until('it has started', () => statSync(started).isFile());
  guardian.kill('SIGTERM');
  assert.deepEqual(await exited, [5, null]);
});

test('whatever an agent says on the line, it is answered line by line, and goes on', (context) => {
  const made = folder(context);
  const said = join(made, 'said');
  // So much that nobody has to read while it is said.
  const bytes = fc.array(
    fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('take ', 'withdraw ', '\n')),
  );
  const script = `cat "$0" >&3; printf '\\ntake last\\n' >&3
    while read -r answer <&3; do case "$answer" in "refused last there is no such file") exit 9;; esac; done`;
  fc.assert(
    fc.property(bytes, (parts) => {
      writeFileSync(said, Buffer.concat(parts.map((part) => Buffer.from(part))));
      assert.equal(guard(join(made, 'wills'), script, said).status, 9);
    }),
    { numRuns: 10 },
  );
});

test('a will whose folder is of no cgroup is not taken, and nothing is written there', async (context) => {
  const made = folder(context);
  const wills = join(made, 'wills');
  const directory = join(made, 'web');
  for (const path of [wills, directory]) mkdirSync(path, { mode: 0o700 });
  writeFileSync(join(directory, 'cgroup.freeze'), '1');
  const group = { directory, inode: statSync(directory).ino };
  const restores = [{ file: 'cgroup.freeze', applied: '1', before: '0' }];
  const due = { id: 'i-1', bootId: await readBootId(), deadlineUs: 1 };
  writeFileSync(join(wills, 'i-1.will'), formatWill(due, { group, restores, isWhole: true }), {
    mode: 0o600,
  });
  const { status, stderr } = guard(wills, 'printf "take i-1\\n" >&3; read -r answer <&3; echo "$answer" >&2');
  assert.equal(status, 0);
  assert.match(stderr, /i-1 that was left is not taken: its path is of no cgroup/);
  assert.match(stderr, /^refused i-1 its path is of no cgroup$/m);
  assert.equal(readFileSync(join(directory, 'cgroup.freeze'), 'utf8'), '1');
});

test('a folder of wills that others can change is refused', (context) => {
  const wills = folder(context);
  chmodSync(wills, 0o777);
  const { status, stderr } = guard(wills, 'exit 7');
  assert.equal(status, 1);
  assert.match(stderr, /can be changed by others than its owner/);
});

for (const [wrong, argv] of [
  ['there is no option --will', ['--will', 'x', '--', 'true']],
  ['a value has to follow --wills', ['--wills']],
  ['--wills is missing', ['--', 'true']],
  ['behind -- has to be the program', ['--wills', '/nowhere']],
] as const) {
  test(`wrong use is told: ${wrong}`, () => {
    const { status, stderr } = spawnSync(guardianProgram(), argv, { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.ok(stderr.includes(wrong), stderr);
    assert.match(stderr, /usage: ordeal-guardian/);
  });
}
