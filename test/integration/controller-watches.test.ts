import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { Bus } from '../../events/bus.ts';
import { isKind, type Event } from '../../events/event.ts';
import { Reporter } from '../../events/reporter.ts';
import type { ScriptedAgent } from './controller-agent.ts';
import { campaignText, ControllerBed } from './controller-bed.ts';
import { silent } from './silent.ts';

const watched = (horizon: string, golden: number, faults: number): string =>
  campaignText({ faults, golden }).replace('horizon: 5s', `horizon: ${horizon}`) +
  `watch: [{ name: service, host: host-1, log: { file: /var/log/service.log } }]\n`;

async function bedWith(context: TestContext): Promise<{ bed: ControllerBed; agents: ScriptedAgent[] }> {
  const bed = await ControllerBed.make(context);
  await bed.startController();
  await bed.measure();
  return { bed, agents: await bed.joined('tester', 'host-1', 'host-2') };
}

/** Says to the controller, in the name of a producer, that nothing is open as soon as an attempt is observed. */
async function sayOver(context: TestContext, bed: ControllerBed, producer: string): Promise<void> {
  const { servers, tls } = bed.nats;
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-watched-'));
  const bus = await Bus.connect({ servers, tls, name: 'test', log: silent });
  const reporter = await Reporter.open({ producer, host: producer, bus, directory, log: silent });
  context.after(async () => {
    await reporter.end();
    await bus.close();
    await rm(directory, { recursive: true });
  });
  const isObserved = ({ event }: { event: Event }): boolean =>
    isKind(event, 'trial.step') && event.body.step === 'observe';
  await bed.until(() => bed.events.some(isObserved), 'an attempt is observed');
  const { campaign = '', trial = '', attempt = 0 } = bed.events.find(isObserved)?.event ?? {};
  reporter.event({ campaign, trial, attempt }, { kind: 'trial.watched', open: false, reason: 'all is well' });
}

/** When a watch ended, and when the trial did by its schedule. */
function endsOf(bed: ControllerBed, agent: ScriptedAgent | undefined): { watchUs: number; trialUs: number } {
  const watch = agent?.history.findLast(({ work, state }) => work === 'watch' && state === 'ENDED');
  const scheduled = bed.said('trial.scheduled').at(-1);
  assert.ok(watch !== undefined && scheduled !== undefined && isKind(scheduled, 'trial.scheduled'));
  return { watchUs: watch.atUs, trialUs: scheduled.body.endUs };
}

// Each has processes of its own, and does little but wait.
describe('the watches of a trial', { concurrency: 3 }, () => {
  test('watches go on from before the load until the horizon, where nobody says anything, and end before the attempt is closed', async (context) => {
    const { bed, agents } = await bedWith(context);
    const campaign = await bed.ended(await bed.run(watched('2s', 0, 1)));
    assert.equal(campaign.state, 'COMPLETED');
    const [tester, one] = agents;
    const { watchUs, trialUs } = endsOf(bed, one);
    assert.ok(watchUs >= trialUs + 2_000_000, `${watchUs - trialUs} us`);
    const at = (agent: ScriptedAgent | undefined, work: string, state: string): number =>
      agent?.history.find((one) => one.work === work && one.state === state)?.atUs ?? Number.NaN;
    assert.ok(at(one, 'watch', 'ACTIVE') < at(tester, 'workload', 'ACTIVE'));
    assert.ok(at(tester, 'workload', 'ENDED') < watchUs);
    assert.ok(watchUs < at(one, 'close', 'ENDED'));
  });

  test('nothing is waited for once the metrics service says that no recovery is open', async (context) => {
    const { bed } = await bedWith(context);
    const saying = sayOver(context, bed, 'metrics');
    // It is looked at for less than the horizon.
    const campaign = await bed.ended(await bed.run(watched('10m', 0, 1)));
    await saying;
    assert.equal(campaign.state, 'COMPLETED');
  });

  test('nobody but the metrics service is believed', async (context) => {
    const { bed, agents } = await bedWith(context);
    const saying = sayOver(context, bed, 'host-2');
    await bed.ended(await bed.run(watched('3s', 0, 1)));
    await saying;
    const { watchUs, trialUs } = endsOf(bed, agents[1]);
    assert.ok(watchUs >= trialUs + 3_000_000, `${watchUs - trialUs} us`);
  });

  test('a golden run is watched, and waits for nothing', async (context) => {
    const { bed, agents } = await bedWith(context);
    const campaign = await bed.ended(await bed.run(watched('10m', 1, 0)));
    assert.equal(campaign.state, 'COMPLETED');
    const watches = agents[1]?.history.filter(({ work }) => work === 'watch').map(({ state }) => state);
    assert.deepEqual(watches, ['ACTIVE', 'ENDED']);
  });

  test('an attempt that fails ends its watches', async (context) => {
    const { bed, agents } = await bedWith(context);
    const [, one] = agents;
    assert.ok(one);
    one.refusal = { errorCode: 'NO_TARGET', errorMessage: 'there is no such container' };
    await bed.ended(await bed.run(watched('10m', 0, 1)));
    const watches = one.history.filter(({ work }) => work === 'watch').map(({ state }) => state);
    assert.deepEqual(watches, ['ACTIVE', 'ENDED']);
  });
});
