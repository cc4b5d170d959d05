import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test, type TestContext } from 'node:test';
import type { CampaignRecord } from '../../controller/state/records.ts';
import { Bus } from '../../events/bus.ts';
import type { Firing__Output } from '../../proto/generated/ordeal/v1/Firing.ts';
import type { Store } from '../../events/store.ts';
import { campaignText, ControllerBed } from './controller-bed.ts';
import { silent } from './silent.ts';

const golden = { text: campaignText({ faults: 0, golden: 1 }), name: 'campaign.yaml' };

function scheduleText(cron: string, more = ''): string {
  return `version: 1\nname: often\ncampaign: campaign.yaml\ncron: '${cron}'\n${more}`;
}

const often = { name: 'often.yaml', campaign: golden, text: scheduleText('*/5 * * * * *') };

async function firings(bed: ControllerBed): Promise<Firing__Output[]> {
  return (await bed.control.getSchedule({ name: 'often' })).firings;
}

async function untilStarted(bed: ControllerBed, count: number, what: string): Promise<Firing__Output[]> {
  const started = async (): Promise<Firing__Output[]> =>
    (await firings(bed)).filter(({ outcome }) => outcome === 'STARTED');
  await bed.until(async () => (await started()).length >= count, what);
  return await started();
}

/** What the controller keeps, while there is none. */
async function keptIn(context: TestContext, bed: ControllerBed): Promise<Store> {
  const { servers, tls } = bed.nats;
  const bus = await Bus.connect({ servers, tls, name: 'test', log: silent });
  context.after(async () => await bus.close());
  return await bus.store('ordeal_controller');
}

async function firingKeys(store: Store): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.entries('firing.often.')) keys.push(key);
  return keys;
}

async function replace(store: Store, key: string, value: object): Promise<void> {
  await store.put(key, value, (await store.get(key))?.revision ?? 0);
}

async function makeReady(context: TestContext): Promise<ControllerBed> {
  const bed = await ControllerBed.make(context);
  await bed.startController();
  await bed.measure();
  await bed.joined('tester', 'host-1');
  return bed;
}

// Each has processes of its own, and does little but wait.
describe('schedules', { concurrency: 3 }, () => {
  test('each instant is decided on once over a controller that is killed, and no two campaigns share a host', async (context) => {
    const bed = await makeReady(context);
    await bed.control.addSchedule(often);
    await untilStarted(bed, 1, 'an instant comes');
    await bed.kill();
    await bed.startController();
    const before = await untilStarted(bed, 1, 'the history is known');
    const after = await untilStarted(bed, before.length + 1, 'it goes on after the crash');
    const [last] = after.slice(-1);
    assert.ok(last);
    // The campaign takes longer than 5 s: the next instant finds its hosts in use.
    const skipped = async (): Promise<Firing__Output[]> =>
      (await firings(bed)).filter(({ outcome }) => outcome === 'SKIPPED');
    await bed.until(async () => (await skipped()).length > 0, 'an instant is skipped');
    for (const { reason } of await skipped()) assert.match(reason, /^campaign \S+ runs on host/);
    await bed.control.pauseSchedule({ name: 'often', reason: 'enough' });
    await bed.ended(last.campaign);
    const { campaigns } = await bed.control.listCampaigns({});
    await bed.until(() => bed.said('campaign.ended').length === campaigns.length, 'each end is said');
    const all = await firings(bed);
    assert.equal(new Set(all.map(({ instantWallUs }) => instantWallUs)).size, all.length);
    assert.ok(all.every(({ instantWallUs }) => instantWallUs % 5_000_000 === 0));
    assert.deepEqual(
      campaigns.map(({ id }) => id),
      all.filter(({ outcome }) => outcome === 'STARTED').map(({ campaign }) => campaign),
    );
    // Each attempt has ended before the next began, of whichever campaign.
    const course = bed.events.flatMap(({ event: { body } }) =>
      body.kind === 'trial.started' || body.kind === 'trial.ended' ? [body.kind] : [],
    );
    assert.ok(course.length >= 4);
    assert.ok(course.every((kind, index) => kind === (index % 2 === 0 ? 'trial.started' : 'trial.ended')));
  });

  test('a controller killed between a decision and its deed does the deed, once', async (context) => {
    const bed = await makeReady(context);
    await bed.control.addSchedule({ ...often, text: scheduleText('0 0 1 1 *') });
    await bed.kill();
    const store = await keptIn(context, bed);
    const instantMs = Math.floor(Date.now() / 1000) * 1000;
    const decided = { schedule: 'often', instantMs, decidedMs: instantMs, outcome: 'decided', passed: 0 };
    await replace(store, `firing.often.${instantMs}`, decided);
    await bed.startController();
    const [first] = await untilStarted(bed, 1, 'the campaign is started');
    await bed.kill();
    // As if it had died after the campaign began, and before it was noted that it did.
    await replace(store, `firing.often.${instantMs}`, decided);
    await bed.startController();
    const [again] = await untilStarted(bed, 1, 'the campaign is found');
    assert.equal(again?.campaign, first?.campaign);
    assert.equal((await bed.control.listCampaigns({})).campaigns.length, 1);
  });

  test('a campaign that is started at random has a seed of its own, which follows from the instant', async (context) => {
    const bed = await makeReady(context);
    const random = 'random: { calendar: { from: "09:00", to: "15:00" }, probability: 1%, seed: 5 }\n';
    const text = `version: 1\nname: often\ncampaign: campaign.yaml\n${random}`;
    await bed.control.addSchedule({ ...often, text });
    await bed.kill();
    const store = await keptIn(context, bed);
    const instantMs = Math.floor(Date.now() / 1000) * 1000;
    const decided = { schedule: 'often', instantMs, decidedMs: instantMs, outcome: 'decided', passed: 0 };
    await replace(store, `firing.often.${instantMs}`, decided);
    await bed.startController();
    const [first] = await untilStarted(bed, 1, 'the campaign is started');
    const seed = createHash('sha256').update(`5/schedule/often/${instantMs}`).digest().readUInt32BE(0);
    const { file, plan } = (await store.get(`campaign.${first?.campaign ?? ''}`))?.value as CampaignRecord;
    assert.equal(plan.seed, seed);
    assert.equal(file.text, golden.text.replace('seed: 7', `seed: ${seed}`));
  });

  test('a decision of long ago is not acted on, unless the schedule makes up for what was missed', async (context) => {
    const bed = await makeReady(context);
    const hourMs = 3_600_000;
    // Four hours in a row, the last of them two hours ago: the next is tomorrow's, whenever this runs.
    const first = Math.floor(Date.now() / hourMs) * hourMs - 5 * hourMs;
    const hours = [0, 1, 2, 3].map((later) => new Date(first + later * hourMs).getUTCHours());
    const cron = `0 ${hours.join(',')} * * *`;
    await bed.control.addSchedule({ ...often, text: scheduleText(cron) });
    const late = { ...often, text: scheduleText(cron, 'missed: run-once\n').replace('often', 'late') };
    await bed.control.addSchedule(late);
    await bed.kill();
    const store = await keptIn(context, bed);
    const decided = {
      schedule: 'often',
      instantMs: first,
      decidedMs: first,
      outcome: 'decided',
      passed: 0,
    };
    await replace(store, `firing.often.${first}`, decided);
    for (const name of ['often', 'late']) {
      const record = (await store.get(`schedule.${name}`))?.value as object;
      await replace(store, `schedule.${name}`, { ...record, throughMs: first });
    }
    await bed.startController();
    const outcomes = async (name: string) =>
      (await bed.control.getSchedule({ name })).firings.map(({ instantWallUs, outcome, passed }) => [
        (instantWallUs / 1000 - first) / hourMs,
        outcome,
        passed,
      ]);
    await bed.until(async () => (await outcomes('late'))[0]?.[1] === 'STARTED', 'the last is made up for');
    assert.deepEqual(await outcomes('late'), [[3, 'STARTED', 2]]);
    await bed.until(async () => (await outcomes('often')).length === 2, 'the missed instants are seen');
    assert.deepEqual(await outcomes('often'), [
      [0, 'SKIPPED', 0],
      [3, 'MISSED', 2],
    ]);
  });

  test('an instant at which a host is under an injection by hand is skipped, and says so', async (context) => {
    const bed = await makeReady(context);
    await bed.control.inject({
      requestId: 'by hand',
      cell: 'virtual.cpu.unavailability',
      mechanism: 'cgroup-freeze',
      host: 'host-1',
      kind: 'container',
      name: 'web',
      durationUs: 600_000_000,
      mode: { permanent: true },
    });
    await bed.control.addSchedule(often);
    await bed.until(async () => (await firings(bed)).length > 0, 'an instant comes');
    const [first] = await firings(bed);
    assert.equal(first?.outcome, 'SKIPPED');
    assert.match(first.reason, /^the injection \S+, made by hand, is on host "host-1"$/);
  });

  test('a stop of everything pauses every schedule, also over a crash without a store, until somebody resumes it', async (context) => {
    const bed = await makeReady(context);
    await bed.control.addSchedule(often);
    await bed.until(async () => (await firings(bed)).length > 0, 'an instant comes');
    await bed.nats.stop('SIGKILL');
    const stopped = await bed.control.stopAll({ reason: 'the users complain' });
    assert.deepEqual(stopped.schedulesPaused, ['often']);
    await bed.kill();
    await bed.nats.start();
    const store = await keptIn(context, bed);
    const decided = (await firingKeys(store)).length;
    await bed.startController();
    const paused = await bed
      .until(async () => {
        const { schedules } = await bed.control.listSchedules({});
        return schedules.some((one) => one.pausedBecause === 'the users complain');
      }, 'it is paused')
      .then(() => bed.control.stopAll({ reason: 'again' }));
    assert.deepEqual(paused.schedulesPaused, [], 'it was paused already');
    // Longer than the controller waits for its agents, and an instant.
    await new Promise((resolve) => setTimeout(resolve, 17_000));
    assert.equal((await firingKeys(store)).length, decided);
    const { pausedBecause } = await bed.control.resumeSchedule({ name: 'often' });
    assert.equal(pausedBecause, '');
    await bed.until(async () => (await firingKeys(store)).length > decided, 'it goes on');
  });

  test('a schedule is added once, shown, told ahead and removed', async (context) => {
    const bed = await makeReady(context);
    const nightly = { ...often, text: scheduleText('0 3 * * *', 'timezone: Europe/Berlin\n') };
    const [added, again] = [await bed.control.addSchedule(nightly), await bed.control.addSchedule(nightly)];
    assert.deepEqual(again, added);
    assert.equal(added.timing, '0 3 * * * (Europe/Berlin)');
    assert.equal(added.campaignName, 'short');
    await assert.rejects(bed.control.addSchedule(often), { code: 'ALREADY_EXISTS' });
    const wrong = { ...often, text: scheduleText('61 * * * *') };
    await assert.rejects(bed.control.addSchedule(wrong), {
      code: 'INVALID_INPUT',
      message: /often\.yaml:4:7/,
    });
    const { instants } = await bed.control.listNextInstants({ name: '', count: 3 });
    assert.equal(instants.length, 3);
    assert.equal(instants[0]?.wallUs, added.nextWallUs);
    const paused = await bed.control.pauseSchedule({ name: 'often', reason: 'holidays' });
    assert.deepEqual([paused.paused, paused.pausedBecause], [true, 'holidays']);
    await bed.control.removeSchedule({ name: 'often' });
    assert.deepEqual((await bed.control.listSchedules({})).schedules, []);
    await assert.rejects(bed.control.getSchedule({ name: 'often' }), { code: 'NOT_FOUND' });
    assert.deepEqual(await firingKeys(await keptIn(context, bed)), []);
  });
});
