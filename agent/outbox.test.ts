import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Effects } from '../injectors/injector.ts';
import { Outbox } from './outbox.ts';

async function stateDirectory(context: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-outbox-'));
  context.after(async () => await rm(directory, { recursive: true }));
  return directory;
}

const leader = { pid: 7, startTicks: 8, bootId: 'b' };

test('the next agent knows an outcome, with all that its effects say', async (context) => {
  const state = await stateDirectory(context);
  const dose = { unit: 'share', asked: 1, achieved: 0.5 };
  const effects: Required<Effects> = { count: 3, firstUs: 1, lastUs: 2, dose, remark: 'late' };
  const outcome = { id: 'i-1', state: 'ENDED', effects, atUs: 5 } as const;
  await (await Outbox.open(state)).keep(outcome);
  assert.deepEqual((await Outbox.open(state)).outcomeOf('i-1'), outcome);
});

test('the next agent knows what was begun and has no outcome, and does not take it for one', async (context) => {
  const state = await stateDirectory(context);
  const outbox = await Outbox.open(state);
  await outbox.begin('c-1');
  await outbox.begin('c-2');
  await outbox.begin('c-2', leader);
  const next = await Outbox.open(state);
  assert.deepEqual(next.begunEarlier, [
    { id: 'c-1', state: 'BEGUN' },
    { id: 'c-2', state: 'BEGUN', process: leader },
  ]);
  assert.equal(next.outcomeOf('c-2'), undefined);
});

test('an outcome takes the place of what was begun', async (context) => {
  const state = await stateDirectory(context);
  const outbox = await Outbox.open(state);
  await outbox.begin('c-1', leader);
  await outbox.keep({ id: 'c-1', state: 'ENDED', atUs: 5 });
  const next = await Outbox.open(state);
  assert.deepEqual(next.begunEarlier, []);
  assert.equal(next.outcomeOf('c-1')?.state, 'ENDED');
});
