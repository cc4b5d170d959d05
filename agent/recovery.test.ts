import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Injector } from '../injectors/injector.ts';
import { noopInjector } from '../injectors/noop/injector.ts';
import { createLog } from '../service/log.ts';
import { Journal } from './journal.ts';
import type { JournalEntry } from './journal-entry.ts';
import { LiveInjections } from './live-injections.ts';
import { Outbox } from './outbox.ts';
import { recover } from './recovery.ts';
import { Voice } from './voice.ts';

function entry(id: string): JournalEntry {
  const target = { kind: 'host', host: 'h', bootId: 'b' } as const;
  const injection = {
    id,
    target,
    parameters: {},
    mode: { kind: 'permanent' },
    seed: 1,
    durationUs: 1,
  } as const;
  return { mechanism: 'noop', scope: {}, injection, memory: {} };
}

test('everything that the journal names is reverted, also two faults of one mechanism on one target', async (context) => {
  const state = await mkdtemp(join(tmpdir(), 'ordeal-recovery-'));
  context.after(async () => await rm(state, { recursive: true }));
  const journal = await Journal.open(state);
  await journal.write(entry('i-1'));
  await journal.write(entry('i-2'));
  const reverted: string[] = [];
  const injector: Injector = {
    ...noopInjector,
    revert: async ({ id }) => {
      reverted.push(id);
      return await Promise.resolve({ count: 0, offUs: 1 });
    },
  };
  const log = createLog('test', { level: 'silent' });
  const bench = {
    voice: new Voice(log),
    live: new LiveInjections(),
    log,
    injectors: new Map([['noop', injector]]),
    journal,
  };
  await recover(bench, Outbox.open(state), AbortSignal.timeout(10_000));
  assert.deepEqual(reverted.toSorted(), ['i-1', 'i-2']);
  assert.deepEqual(await journal.entries(), []);
  assert.deepEqual(bench.live.notOver(), []);
});
