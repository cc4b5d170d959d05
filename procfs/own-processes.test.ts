import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { guardianProgram } from '../service/guardian-program.ts';
import { allOwnProcesses, ordealBesideThis } from './own-processes.ts';

/** What runs the same program as this process, by its arguments: `by` is what starts it. Answers its pid. */
async function another(context: TestContext, by: 'this' | 'somebody else'): Promise<number> {
  const program = [process.execPath, '--eval', 'setInterval(() => {}, 1000)', process.argv[1] ?? ''];
  if (by === 'this') {
    const [path = '', ...args] = program;
    const child = spawn(path, args, { stdio: 'ignore' });
    context.after(() => child.kill('SIGKILL'));
    await once(child, 'spawn');
    return child.pid ?? 0;
  }
  const shell = spawn('sh', ['-c', '"$@" > /dev/null & echo $!', 'sh', ...program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const pid = Number(await text(shell.stdout));
  context.after(() => process.kill(pid, 'SIGKILL'));
  return pid;
}

test('what runs the same program is of Ordeal, whoever started it', async (context) => {
  const [ours, other] = [await another(context, 'this'), await another(context, 'somebody else')];
  const all = await allOwnProcesses();
  assert.deepEqual(
    [ours, other, process.pid].filter((pid) => !all.has(pid)),
    [],
  );
});

test('what this process has started is not beside it, what somebody else has started is', async (context) => {
  const [ours, other] = [await another(context, 'this'), await another(context, 'somebody else')];
  const beside = await ordealBesideThis();
  assert.deepEqual(
    [beside.includes(other), beside.includes(ours), beside.includes(process.pid)],
    [true, false, false],
  );
});

test('the guardian of an agent is its own, not beside it, and so is what has started the guardian', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'ordeal-own-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const script = `
    import { ordealBesideThis, ownProcesses } from '${new URL('own-processes.ts', import.meta.url).href}';
    const [own, beside] = [await ownProcesses(), await ordealBesideThis()];
    const above = [process.ppid, ${process.pid}];
    console.log(JSON.stringify(above.map((pid) => [own.has(pid), beside.includes(pid)])));`;
  const agent = [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', script];
  const { stdout, stderr } = spawnSync(guardianProgram(), ['--wills', folder, '--', ...agent], {
    encoding: 'utf8',
  });
  // Of the guardian, and of this process, which runs another program than that agent.
  assert.equal(stdout, '[[true,false],[true,false]]\n', stderr);
});
