import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Ahead, Times } from '../../injectors/injector.ts';
import { noopInjector } from '../../injectors/noop/injector.ts';
import { Appointments } from '../appointments.ts';
import type { Journal } from '../journal.ts';
import { Lease } from '../lease.ts';
import { LiveInjections } from '../live-injections.ts';
import { Orders } from '../orders.ts';
import type { Staged } from '../stage.ts';
import { startByKernel } from './start-by-kernel.ts';
import type { Start } from './start.ts';
import type { TaskRun } from './task-run.ts';

const staged: Staged = {
  injector: noopInjector,
  entry: {
    mechanism: 'noop',
    scope: {},
    injection: {
      id: 'i-1',
      target: { kind: 'host', host: 'alpha', bootId: 'b' },
      parameters: {},
      mode: { kind: 'permanent' },
      seed: 1,
      durationUs: 1_000,
    },
    memory: {},
  },
};

const noJournal: Pick<Journal, 'writeLast'> = {
  writeLast: async () => await Promise.reject(new Error('there is nothing to write')),
};

/** The kernel's part, by what it was told. */
class Told implements Ahead {
  readonly armed: (Omit<Times, 'leaseUntilUs'> & { leaseUntilUs: number })[] = [];
  readonly renewed: number[] = [];
  whenArmed: () => void = () => undefined;
  begins: () => Promise<number> = async () => await Promise.resolve(77);

  async arm(...[, , times]: Parameters<Ahead['arm']>): Promise<void> {
    this.whenArmed();
    this.armed.push({ ...times, leaseUntilUs: times.leaseUntilUs() });
    await Promise.resolve();
  }
  async renew(...[, , untilUs]: Parameters<Ahead['renew']>): Promise<void> {
    this.renewed.push(untilUs);
    await Promise.resolve();
  }
  async begun(): Promise<number> {
    return await this.begins();
  }
}

function setting(injector = noopInjector, journal: Pick<Journal, 'writeLast'> = noJournal) {
  const orders = new Orders({ end: false } as ConstructorParameters<typeof Orders>[0]);
  const lease = new Lease();
  const kernel = new Told();
  const bench = {
    lease,
    appointments: new Appointments(),
    live: new LiveInjections(),
    journal,
    log: { warn: () => undefined },
  };
  const run = { bench, orders, task: { id: 'i-1' }, scope: {} } as unknown as TaskRun;
  const start = async (startUs: number): Promise<Start> =>
    await startByKernel(run, kernel, { ...staged, injector }, { startUs, deadlineUs: startUs + 1_000 });
  return { orders, lease, kernel, start };
}

const soonUs = (): number => monotonicUs() + 60_000;

test('the kernel is told of start, end and lease ahead, and its instant is the one at which the fault began', async () => {
  const { lease, kernel, start } = setting();
  // Later than the others: it is told ahead on a host that is busy, too.
  const [beatUs, startUs] = [monotonicUs(), monotonicUs() + 1_000_000];
  lease.renew(beatUs, 3_000_000);
  let armedUs = Number.POSITIVE_INFINITY;
  kernel.whenArmed = () => (armedUs = monotonicUs());
  assert.deepEqual(await start(startUs), { began: true, activeUs: 77, appliedUs: 77 });
  assert.deepEqual(kernel.armed, [
    { startUs, deadlineUs: startUs + 1_000, leaseUntilUs: beatUs + 3_000_000 },
  ]);
  assert.ok(armedUs < startUs);
});

test('each renewal of the lease is passed on until the start, and none after it', async () => {
  const { lease, kernel, start } = setting();
  const nowUs = monotonicUs();
  lease.renew(nowUs, 3_000_000);
  kernel.whenArmed = () => lease.renew(nowUs, 3_500_000);
  await start(soonUs());
  lease.renew(nowUs, 4_000_000);
  assert.deepEqual(kernel.renewed, [nowUs + 3_500_000]);
});

test('without a lease nothing is armed, and the start is refused', async () => {
  const { kernel, start } = setting();
  const answer = await start(soonUs());
  assert.ok(!answer.began);
  assert.equal(answer.error?.code, 'LEASE_EXPIRED');
  assert.deepEqual(kernel.armed, []);
});

test('a lease that comes before the start is in time', async () => {
  const { lease, kernel, start } = setting();
  const starting = start(soonUs());
  lease.renew(monotonicUs(), 3_000_000);
  assert.equal((await starting).began, true);
  assert.equal(kernel.armed.length, 1);
});

test('what is ordered to end before its start did not begin, and was not refused', async () => {
  const { lease, orders, kernel, start } = setting();
  lease.renew(monotonicUs(), 60_000_000);
  kernel.whenArmed = () => orders.end();
  assert.deepEqual(await start(monotonicUs() + 1_000_000), { began: false });
});

test('an order to end that comes long before the start keeps the kernel out of it', async () => {
  const { lease, orders, kernel, start } = setting();
  lease.renew(monotonicUs(), 60_000_000);
  const starting = start(monotonicUs() + 60_000_000);
  orders.end();
  assert.deepEqual(await starting, { began: false });
  assert.deepEqual(kernel.armed, []);
});

test('a start that the kernel refused for its lease is one that was refused; any other failure may have left something', async () => {
  for (const [code, refused] of [
    ['LEASE_EXPIRED', true],
    ['APPLY_FAILED', false],
  ] as const) {
    const { lease, kernel, start } = setting();
    lease.renew(monotonicUs(), 3_000_000);
    kernel.begins = async () => await Promise.reject(new OrdealError(code, 'the kernel has ended it'));
    if (refused) {
      const answer = await start(soonUs());
      assert.ok(!answer.began && answer.error?.code === code);
    } else await assert.rejects(start(soonUs()), { code });
  }
});

test('a fault that took so long to arm that it began more than a second late is not the one that was planned', async () => {
  const { lease, kernel, start } = setting();
  lease.renew(monotonicUs(), 3_000_000);
  const startUs = soonUs();
  kernel.begins = async () => await Promise.resolve(startUs + 1_000_001);
  await assert.rejects(start(startUs), { code: 'LEASE_EXPIRED', message: /began 1000 ms after its start/ });
});

test('that it is to crash this host, and when, is on disk before the kernel is told', async () => {
  const injector = {
    ...noopInjector,
    descriptor: { ...noopInjector.descriptor, crashesHost: true } as const,
  };
  const steps: unknown[] = [];
  const writeLast: Journal['writeLast'] = async ({ crash }) => {
    steps.push(crash?.monoUs);
    await Promise.resolve();
  };
  const { lease, kernel, start } = setting(injector, { writeLast });
  lease.renew(monotonicUs(), 3_000_000);
  kernel.whenArmed = () => steps.push('armed');
  const startUs = soonUs();
  await start(startUs);
  assert.deepEqual(steps, [startUs, 'armed']);
});
