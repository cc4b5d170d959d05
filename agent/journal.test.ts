import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Journal } from './journal.ts';
import type { JournalEntry } from './journal-entry.ts';

async function stateDirectory(context: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-journal-'));
  context.after(async () => await rm(directory, { recursive: true }));
  return directory;
}

function entry(id: string): JournalEntry {
  return {
    mechanism: 'cpu-quota',
    scope: { campaign: 'test', trial: 't001', attempt: 2 },
    injection: {
      id,
      target: { kind: 'container', host: 'h', bootId: 'b', name: 'web', cgroup: 'docker/web', cgroupId: 7 },
      parameters: { share: '10%', period: '100ms' },
      mode: { kind: 'permanent' },
      seed: 3,
      durationUs: 5,
    },
    memory: { quotaUs: -1, directory: '/sys/fs/cgroup' },
  };
}

test('an entry is read as it was written, by another journal, until it is removed', async (context) => {
  const state = await stateDirectory(context);
  const journal = await Journal.open(state);
  await journal.write(entry('i-1'));
  await journal.write({ ...entry('i-2'), scope: {} });
  const later = await Journal.open(state);
  assert.deepEqual(await later.entries(), [entry('i-1'), { ...entry('i-2'), scope: {} }]);
  await later.remove('i-1');
  await later.remove('i-1');
  assert.deepEqual(
    (await later.entries()).map(({ injection }) => injection.id),
    ['i-2'],
  );
});

test('what could not be read again is refused before anything is done', async (context) => {
  const state = await stateDirectory(context);
  const journal = await Journal.open(state);
  const memory = { pid: 7, pids: [7, 1] } as unknown as JournalEntry['memory'];
  await assert.rejects(journal.write({ ...entry('i-1'), memory }), /pids/);
  assert.deepEqual(await journal.entries(), []);
  assert.deepEqual(await journal.damaged(), []);
});

test('an entry keeps what a fault did to the instances before, and which instance it is on', async (context) => {
  const journal = await Journal.open(await stateDirectory(context));
  const { injection, ...first } = entry('i-1');
  const init = { pid: 12, startTicks: 34 };
  const target = {
    ...injection.target,
    kind: 'container',
    name: 'web',
    cgroup: 'web',
    cgroupId: 8,
    init,
  } as const;
  const effects = { count: 'unknown', firstUs: 5, remark: '1: unknown' } as const;
  const followed = { ...first, injection: { ...injection, target }, earlier: { instances: 1, effects } };
  await journal.write(followed);
  assert.deepEqual(await journal.entries(), [followed]);
});

test('an entry keeps when the kernel was to crash the host', async (context) => {
  const journal = await Journal.open(await stateDirectory(context));
  await journal.writeLast({ ...entry('i-1'), crash: { monoUs: 5, wallUs: 6 } });
  assert.deepEqual(
    (await journal.entries()).map(({ crash }) => crash),
    [{ monoUs: 5, wallUs: 6 }],
  );
});

for (const scsi of [{ scsi: '2:0:0:0' }, {}]) {
  test(`an entry keeps which disk it is about, ${'scsi' in scsi ? 'with' : 'without'} an address`, async (context) => {
    const journal = await Journal.open(await stateDirectory(context));
    const { injection, ...rest } = entry('i-1');
    const disk = { name: 'sda', identity: 'wwn naa.5000c500a1b2c3d4', number: '8:0', ...scsi };
    const target = { kind: 'disk', host: 'h', bootId: 'b', ...disk } as const;
    await journal.write({ ...rest, injection: { ...injection, target } });
    assert.deepEqual(
      (await journal.entries()).map((one) => one.injection.target),
      [target],
    );
  });
}

for (const side of [
  { metFrom: 'within', netns: 7 },
  { metFrom: 'outside', pid: 5, startTicks: 6 },
  { metFrom: 'outside', pid: 5, startTicks: 6, uuid: 'u', cgroup: 'machine.slice/one', cgroupId: 8 },
] as const) {
  test(`an entry keeps which virtual machine it is about, ${JSON.stringify(side)}`, async (context) => {
    const journal = await Journal.open(await stateDirectory(context));
    const { injection, ...rest } = entry('i-1');
    const target = { kind: 'vm', host: 'h', bootId: 'b', name: 'guest', ...side } as const;
    await journal.write({ ...rest, injection: { ...injection, target } });
    assert.deepEqual(
      (await journal.entries()).map((one) => one.injection.target),
      [target],
    );
  });
}

test('what cannot be read, at whichever byte it was cut, is put aside and stays known', async (context) => {
  const state = await stateDirectory(context);
  const journal = await Journal.open(state);
  await journal.write(entry('i-1'));
  const path = join(state, 'journal', 'i-1.json');
  const whole = await readFile(path, 'utf8');
  const cuts = [0, 1, Math.floor(whole.length / 2), whole.length - 1];
  for (const cut of cuts) await writeFile(join(state, 'journal', `cut-${cut}.json`), whole.slice(0, cut));
  await writeFile(join(state, 'journal', 'other.json'), whole);
  await writeFile(join(state, 'journal', 'newer.json'), whole.replace('"version": 1', '"version": 2'));
  assert.deepEqual(await journal.entries(), [entry('i-1')]);
  assert.equal((await journal.damaged()).length, cuts.length + 2);
  assert.equal((await (await Journal.open(state)).damaged()).length, cuts.length + 2);
});

test('an entry that the disk does not give keeps nobody from the others, and is told until it is gone', async (context) => {
  const state = await stateDirectory(context);
  const journal = await Journal.open(state);
  await journal.write(entry('i-2'));
  const path = join(state, 'journal', 'i-1.json');
  // A directory cannot be read like a file, whoever tries.
  await mkdir(path);
  assert.deepEqual(await journal.entries(), [entry('i-2')]);
  assert.deepEqual(await journal.damaged(), [path]);
  await rm(path, { recursive: true });
  assert.deepEqual(await journal.damaged(), []);
});

test('a file that was being written when the power went is no entry', async (context) => {
  const state = await stateDirectory(context);
  const journal = await Journal.open(state);
  await writeFile(join(state, 'journal', '.i-1.json.new'), '{');
  assert.deepEqual(await journal.entries(), []);
  assert.deepEqual(await journal.damaged(), []);
});
