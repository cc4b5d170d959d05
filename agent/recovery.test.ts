import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { EventBody } from '../events/event.ts';
import type { Instant } from '../events/reporter.ts';
import type { Injector } from '../injectors/injector.ts';
import { noopInjector } from '../injectors/noop/injector.ts';
import { readBootId } from '../procfs/identity.ts';
import { createLog } from '../service/log.ts';
import { Journal } from './journal.ts';
import { noGuardian } from './guardian/guardian.ts';
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

interface Setting {
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly live: LiveInjections;
  /** What was said, with the instants. */
  readonly said: readonly { readonly body: EventBody; readonly at: Instant | undefined }[];
  readonly reverted: readonly string[];
}

/** Of an agent that finds these entries when it starts. */
async function recovered(context: TestContext, ...found: readonly JournalEntry[]): Promise<Setting> {
  const state = await mkdtemp(join(tmpdir(), 'ordeal-recovery-'));
  context.after(async () => await rm(state, { recursive: true }));
  const journal = await Journal.open(state);
  for (const one of found) await journal.write(one);
  const reverted: string[] = [];
  const injector: Injector = {
    ...noopInjector,
    revert: async ({ id }) => {
      reverted.push(id);
      return await Promise.resolve({ count: 'unknown', offUs: 1 });
    },
  };
  const said: { body: EventBody; at: Instant | undefined }[] = [];
  const log = createLog('test', { level: 'silent' });
  const voice = new Voice(log);
  voice.speakThrough({
    event: (_scope, body, at) => void said.push({ body, at }),
    samples: () => undefined,
    closeAttempt: () => undefined,
  });
  const live = new LiveInjections();
  const outbox = await Outbox.open(state);
  const bench = { voice, live, log, injectors: new Map([['noop', injector]]), journal, guardian: noGuardian };
  await recover(bench, Promise.resolve(outbox), AbortSignal.timeout(10_000));
  return { journal, outbox, live, said, reverted };
}

test('everything that the journal names is reverted, also two faults of one mechanism on one target', async (context) => {
  const { journal, live, reverted } = await recovered(context, entry('i-1'), entry('i-2'));
  assert.deepEqual(reverted.toSorted(), ['i-1', 'i-2']);
  assert.deepEqual(await journal.entries(), []);
  assert.deepEqual(live.notOver(), []);
});

test('a fault that outlived its agent has failed', async (context) => {
  const { outbox, said } = await recovered(context, entry('i-1'));
  assert.equal(outbox.outcomeOf('i-1')?.state, 'FAILED');
  assert.ok(!said.some(({ body }) => body.kind === 'injection.active'));
});

const crash = { monoUs: 1_000, wallUs: 2_000 };

test('a crash that was ordered began in the boot that it ended, and has ended well with unknown counters', async (context) => {
  const { outbox, said } = await recovered(context, { ...entry('i-1'), crash });
  const [active] = said;
  assert.deepEqual(active?.body, { kind: 'injection.active', injection: 'i-1', appliedUs: 1_000 });
  assert.deepEqual(active.at, { monoUs: 1_000, ofEarlierBoot: { id: 'b', wallUs: 2_000 } });
  const outcome = outbox.outcomeOf('i-1');
  assert.deepEqual([outcome?.state, outcome?.effects?.count], ['ENDED', 'unknown']);
});

test('a crash that was ordered and did not come, because the agent alone had died, is none', async (context) => {
  const bootId = await readBootId();
  const { injection, ...rest } = entry('i-1');
  const here = { ...rest, injection: { ...injection, target: { ...injection.target, bootId } }, crash };
  const { outbox, said } = await recovered(context, here);
  assert.equal(outbox.outcomeOf('i-1')?.state, 'FAILED');
  assert.ok(!said.some(({ body }) => body.kind === 'injection.active'));
});
