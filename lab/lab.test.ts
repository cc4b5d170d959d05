import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { lockDirectory } from '../command/lock.ts';
import { Lab } from './lab.ts';
import { DetachedProcess } from './machine/detached-process.ts';
import { LabFiles } from './state/lab-files.ts';
import { writeLabRecord } from './state/lab-record.ts';

const boots = {
  release: '6.1.0',
  vmlinuz: '',
  initrd: '',
  root: '',
  rootFormat: 'raw',
  modules: '',
} as const;

/** A lab of two hosts, as its files have it; each process is one that only sleeps. */
async function labWith(context: TestContext, ...running: ('nfvi-1' | 'nfvi-2')[]) {
  const files = new LabFiles('test', await mkdtemp(join(tmpdir(), 'ordeal-lab-')));
  await writeLabRecord(files, { kernel: '6.1', hosts: 2, accelerator: 'tcg', boots });
  const processes: DetachedProcess[] = [];
  for (const name of running) {
    const machine = files.machine(name);
    await mkdir(machine.directory);
    const start = { argv: ['sleep', '600'], log: machine.log, file: machine.process };
    processes.push(await DetachedProcess.start(start));
    await writeFile(machine.boot, '{"bootMs": 4000}');
  }
  context.after(async () => {
    for (const process of processes) await process.signal('SIGKILL');
    await rm(files.directory, { recursive: true, force: true });
  });
  return { files, lab: new Lab(files), processes };
}

const up = { accelerator: 'tcg', progress: () => undefined } as const;

test('a host that runs, one that was never started and one that died are told apart', async (context) => {
  const { files, lab, processes } = await labWith(context, 'nfvi-1');
  const states = async (): Promise<string[]> => (await lab.status()).hosts.map(({ state }) => state);
  assert.deepEqual(await states(), ['running', 'off']);
  await rm(files.machine('nfvi-1').boot);
  assert.deepEqual(await states(), ['booting', 'off']);
  await processes[0]?.signal('SIGKILL');
  assert.equal(await processes[0]?.hasEnded(60_000), true);
  assert.deepEqual(await states(), ['died', 'off']);
});

test('the last words of a host that died are told to whoever wants it', async (context) => {
  const { files, lab, processes } = await labWith(context, 'nfvi-1');
  await writeFile(files.machine('nfvi-1').console, 'Kernel panic - not syncing: Fatal exception\n');
  await processes[0]?.signal('SIGKILL');
  assert.equal(await processes[0]?.hasEnded(60_000), true);
  await assert.rejects(lab.machine('nfvi-1'), { code: 'MACHINE_DIED', message: /Kernel panic/ });
  assert.match((await lab.status()).hosts[0]?.lastWords ?? '', /Kernel panic/);
});

test('an up of a lab whose hosts all run starts nothing and builds nothing', async (context) => {
  const { lab } = await labWith(context, 'nfvi-1', 'nfvi-2');
  const said: string[] = [];
  await lab.up({ accelerator: 'tcg', progress: (line) => said.push(line) });
  assert.deepEqual(said, []);
});

test('a switch that died is told, and what to do', async (context) => {
  const { files, lab } = await labWith(context, 'nfvi-1', 'nfvi-2');
  const { log, process: file } = files.switch;
  await writeFile(log, 'out of memory\n');
  const started = await DetachedProcess.start({ argv: ['sleep', '600'], log, file });
  assert.deepEqual((await lab.status()).switch, { state: 'running' });
  await started.signal('SIGKILL');
  assert.equal(await started.hasEnded(60_000), true);
  assert.deepEqual((await lab.status()).switch, { state: 'died', lastWords: 'out of memory' });
  await assert.rejects(lab.up(up), {
    code: 'STILL_RUNNING',
    message: /the switch of the lab test has died, .*: nfvi-1, nfvi-2$/,
    remedy: /ordeal lab down/,
  });
});

test('a lab whose hosts are off has no switch, and that is no failure of it', async (context) => {
  const { lab } = await labWith(context);
  assert.deepEqual((await lab.status()).switch, { state: 'off' });
});

for (const hosts of [0, 17, 1.5]) {
  test(`${hosts} hosts are refused`, async (context) => {
    const { lab } = await labWith(context);
    await assert.rejects(lab.up({ ...up, hosts }), { code: 'INVALID_INPUT', message: /1 to 16/ });
  });
}

test('a lab does not shrink', async (context) => {
  const { lab } = await labWith(context);
  await assert.rejects(lab.up({ ...up, hosts: 1 }), /the lab test has 2 hosts, not 1/);
});

test('no host gets another kernel while one runs', async (context) => {
  const { lab } = await labWith(context, 'nfvi-2');
  await assert.rejects(lab.up({ ...up, kernel: '5.10' }), { code: 'STILL_RUNNING', message: /nfvi-2/ });
});

test('disks that are written to are neither copied nor replaced', async (context) => {
  const { lab } = await labWith(context, 'nfvi-1');
  await assert.rejects(lab.snapshot('one'), { code: 'STILL_RUNNING', message: /run: nfvi-1$/ });
  await assert.rejects(lab.restore('one'), { code: 'STILL_RUNNING', message: /run: nfvi-1$/ });
});

test('a host that is off, or is none of the lab, cannot be asked for', async (context) => {
  const { lab } = await labWith(context);
  await assert.rejects(lab.machine('nfvi-1'), { code: 'NOT_RUNNING' });
  await assert.rejects(lab.machine('nfvi-3'), { code: 'NOT_FOUND', message: /it has nfvi-1, nfvi-2/ });
});

test('a lab that never was is not made by asking for it', async (context) => {
  const { files } = await labWith(context);
  const none = new LabFiles('none', join(files.directory, 'none'));
  for (const ask of [
    async () => await new Lab(none).status(),
    async () => await new Lab(none).down(() => undefined),
    async () => await new Lab(none).destroy(),
    async () => await new Lab(none).snapshot('one'),
  ]) {
    await assert.rejects(ask, { code: 'NOT_FOUND' });
  }
  await assert.rejects(stat(none.directory), { code: 'ENOENT' });
});

test('a lab is destroyed with its processes, also where its record cannot be read', async (context) => {
  const { files, lab, processes } = await labWith(context, 'nfvi-1', 'nfvi-2');
  await writeFile(files.record, 'damaged');
  await assert.rejects(lab.status(), { code: 'INVALID_INPUT' });
  await lab.destroy();
  assert.deepEqual(await Promise.all(processes.map(async (process) => await process.isAlive())), [
    false,
    false,
  ]);
  await assert.rejects(stat(files.directory), { code: 'ENOENT' });
});

test('two commands do not change a lab at the same time', async (context) => {
  const { files, lab } = await labWith(context);
  const lock = await lockDirectory(files.directory);
  await assert.rejects(
    lab.down(() => undefined),
    { code: 'ALREADY_EXISTS', message: /another command is at work/ },
  );
  await lock?.release();
});
