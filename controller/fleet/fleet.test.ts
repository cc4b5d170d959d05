import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Hello__Output } from '../../proto/generated/ordeal/v1/Hello.ts';
import { createLog } from '../../service/log.ts';
import { Fleet } from './fleet.ts';

const withinUs = 100_000;
const task = { id: 'i-1' };

const session = { send: () => undefined, end: () => undefined };

function helloOf(more: Partial<Hello__Output>): Hello__Output {
  return {
    ...{ host: 'slow', version: '', incarnation: '', bootId: '', kernel: '', labels: {} },
    ...{ resources: [], capabilities: [], lookUs: 0, upUs: 0, ...more },
  };
}

/** A fleet of one host, whose agent never says anything of its task. */
function idleHost(lookUs: number): Fleet {
  const fleet = new Fleet(createLog('test', { level: 'silent' }));
  fleet.joined('slow', helloOf({ lookUs }), session);
  fleet.assign('slow', task);
  return fleet;
}

function beating(t: TestContext, fleet: Fleet): Fleet {
  const beats = setInterval(() => fleet.host('slow').beat(), 50);
  t.after(() => clearInterval(beats));
  return fleet;
}

async function givenUpAfterUs(fleet: Fleet): Promise<number> {
  const beganUs = monotonicUs();
  await assert.rejects(
    fleet.waitFor(task.id, () => true, { withinUs }),
    /host "slow" has not come on with task i-1/,
  );
  return monotonicUs() - beganUs;
}

test('a host that is there and does not come on is given up on', async (t) => {
  assert.ok((await givenUpAfterUs(beating(t, idleHost(0)))) > withinUs);
});

test('a host that took ten times as long to look at itself is waited for ten times as long', async (t) => {
  assert.ok((await givenUpAfterUs(beating(t, idleHost(10_000_000)))) > 10 * withinUs);
});

test('a slow host that is not heard of is given up on as any other', async () => {
  const fleet = idleHost(20_000_000);
  await assert.rejects(
    fleet.waitFor(task.id, () => true, { withinUs: 60_000_000, awayUs: 50_000 }),
    {
      code: 'HOST_LOST',
      message: 'the agent of host "slow" has not been heard of for 50ms',
    },
  );
});

test('a wait is whole microseconds, as the instants that follow from it have to be', () => {
  assert.equal(idleHost(1_234_567).patienceUs(['slow'], 300_000), 370_370);
});

test('a wait for several hosts is as long as the slowest of them needs it', () => {
  const fleet = idleHost(3_000_000);
  assert.equal(fleet.patienceUs(['slow', 'unknown'], withinUs), 3 * withinUs);
  assert.equal(fleet.patienceUs(['unknown'], withinUs), withinUs);
});

for (const [what, bootId, told] of [
  ['booted anew', 'second', 1],
  ['was only silent', 'first', 0],
] as const)
  test(`of a host that comes back, the log tells whether it ${what}`, () => {
    const log = createLog('test', { level: 'silent' });
    const warnings: unknown[] = [];
    log.warn = (...said: unknown[]) => void warnings.push(said);
    const fleet = new Fleet(log);
    fleet.joined('slow', helloOf({ bootId: 'first' }), session);
    fleet.left('slow', session);
    fleet.joined('slow', helloOf({ bootId }), session);
    assert.equal(warnings.length, told);
  });
