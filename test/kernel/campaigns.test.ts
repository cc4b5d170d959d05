import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Event } from '../../events/event.ts';
import { askQemu } from '../../lab/machine/qmp.ts';
import type { Measures, TrialMeasures } from '../../metrics/measures/measures.ts';
import { ofKind } from '../e2e/saved-run.ts';
import { until } from '../until.ts';
import { CampaignBed } from './campaign-bed.ts';
import { GuestIscsi } from './guest-iscsi.ts';
import { PortStamps } from './port-stamps.ts';
import { SteadyFrames } from './steady-frames.ts';

const [victim, neighbour] = ['nfvi-1', 'nfvi-2'];

describe('campaigns against two hosts', () => {
  let bed: CampaignBed;

  before(async () => {
    bed = await CampaignBed.start({ extraPackages: GuestIscsi.packages });
  });
  after(async () => await bed.end());

  describe('of which one crashes in a trial, and is frozen in the next', () => {
    let id: string;
    let shown: string;
    let events: Event[];
    let measures: Measures;

    before(async () => {
      id = await bed.begin(campaign('crash'));
      const watching = bed.watched(id);
      await bed.said(id, 'trial.started', ({ trial }) => trial === 't002');
      await bed.comesBack(await bed.machine(victim));
      await bed.said(id, 'host.returned', ({ trial }) => trial === 't002');
      await bed.said(id, 'trial.ended', ({ trial }) => trial === 't002');
      await bed.said(id, 'injection.active', ({ trial }) => trial === 't003');
      await frozen(async () => {
        await bed.said(id, 'host.silent', ({ trial }) => trial === 't003');
      });
      shown = await watching;
      events = await bed.eventsOf(id);
      measures = await bed.measuresOf(id);
    });

    /** As a host that hangs: its clock stands still, too. */
    async function frozen(work: () => Promise<void>): Promise<void> {
      const { qmp } = (await bed.machine(victim)).files.sockets;
      await askQemu(qmp, 'stop');
      try {
        await work();
      } finally {
        await askQemu(qmp, 'cont');
      }
    }

    function trialOf(fault: string | undefined): TrialMeasures {
      const trial = measures.trials.find((one) => one.fault?.name === fault);
      assert.ok(trial, `there is a trial of ${fault ?? 'nothing'}`);
      return trial;
    }

    test('every trial is run to its end at the first attempt, also those behind the crash', () => {
      const ended = ofKind(events, 'trial.ended');
      assert.deepEqual(
        ended.map(({ trial, attempt, body }) => [trial, attempt, body.outcome, body.reason]),
        ['t001', 't002', 't003'].map((trial) => [trial, 1, 'completed', undefined]),
      );
    });

    test('of the host that crashed it is told, between its last word and its next one, when its new boot began', () => {
      const [absence, ...more] = trialOf('crash-host').absences;
      assert.deepEqual(more, []);
      assert.ok(absence);
      const { host, fate, lastHeardUs, bootedUs = 0, returnedUs = 0 } = absence;
      assert.deepEqual([host, fate], [victim, 'crashed']);
      assert.ok(lastHeardUs < bootedUs && bootedUs < returnedUs, JSON.stringify(absence));
    });

    test('the crash is the effect: activated, while the counter that was lost with it is unknown', () => {
      const { activated, injections } = trialOf('crash-host');
      assert.equal(activated, true);
      assert.deepEqual(
        injections.map(({ host, effects, hostBootedAnew, failure }) => [
          host,
          effects,
          hostBootedAnew,
          failure,
        ]),
        [[victim, 'unknown', true, undefined]],
      );
    });

    test('the trial of the crash is complete, and says something about the service', () => {
      const { missing, valid, reasons, service } = trialOf('crash-host');
      assert.deepEqual(missing, []);
      assert.equal(valid, true, reasons.join('; '));
      assert.ok((service?.unavailability.us ?? 0) > 0, 'its users felt it');
    });

    test('the host that was frozen was silent, and has not crashed', () => {
      const told = trialOf('nothing').absences.map(({ host, fate, bootedUs }) => [host, fate, bootedUs]);
      assert.deepEqual(told, [[victim, 'silent', undefined]]);
    });

    test('in the golden run no host was away', () => {
      assert.deepEqual(trialOf(undefined).absences, []);
    });

    test('a terminal shows which host crashed, and which was only silent', () => {
      // Its last beat may have come before the fault.
      assert.match(shown, /t002\/3 {2}crash-host {2}nfvi-1 silent since [+-]/);
      assert.match(shown, /t002\/3 {2}crash-host {2}nfvi-1 crashed, back \+/);
      assert.match(shown, /t003\/3 {2}nothing {2}nfvi-1 was silent, back \+/);
    });

    test('the report says what became of both', async () => {
      const report = await readFile(join(bed.runOf(id), 'report.html'), 'utf8');
      assert.match(report, /crashed, and booted anew/);
      assert.match(report, /silent, and did not crash/);
    });

    test('the host is clean afterwards', async () => {
      assert.deepEqual(await bed.connected(), [victim, neighbour]);
      const checked = ofKind(events, 'host.checked').flatMap(({ body }) => body.residue);
      assert.deepEqual(checked, []);
    });
  });

  describe('whose switch fails for both at once', () => {
    let id: string;
    let plan: string;
    let events: Event[];
    let measures: Measures;
    let stamps: PortStamps;

    before(async () => {
      plan = (await bed.ordeal.run('campaign', 'plan', campaign('common-mode'))).stdout;
      const sent = [];
      for (const name of [victim, neighbour])
        sent.push(await SteadyFrames.start(await bed.machine(name), 5_000));
      stamps = new PortStamps(bed.lab);
      id = await bed.begin(campaign('common-mode'));
      await bed.watched(id);
      await stamps.end();
      for (const one of sent) await one.stop();
      events = await bed.eventsOf(id);
      measures = await bed.measuresOf(id);
    });

    test('the plan names the switch, and all that is attached to it', () => {
      assert.match(plan, /leaf: nfvi-1 nic data0, nfvi-2 nic data0/);
    });

    test('both hosts have staged their part before one of them begins', () => {
      const staged = ofKind(events, 'injection.staged');
      assert.deepEqual(staged.map(({ host }) => host).sort(), [victim, neighbour]);
      assert.deepEqual(new Set(staged.map(({ body }) => body.startUs)), new Set([0]));
    });

    test('each part has touched frames of its own host, and the trial is one fault of two parts', () => {
      const [trial] = measures.trials;
      assert.ok(trial);
      assert.equal(trial.fault?.element, 'leaf');
      assert.deepEqual(trial.injections.map(({ host }) => host).sort(), [victim, neighbour]);
      for (const { host, effects } of trial.injections) assert.ok(effects !== 'unknown' && effects > 0, host);
      assert.ok(trial.skew?.start && trial.skew.end, 'how far they were apart is known');
      assert.equal(trial.valid, true, trial.reasons.join('; '));
    });

    test('at the switch, no frame of either host comes while both are cut off, and of both come before and after', () => {
      const [trial] = measures.trials;
      const parts = trial?.injections ?? [];
      const fromUs = Math.max(...parts.map(({ activeUs = NaN, errorUs = 0 }) => activeUs + errorUs));
      const toUs = Math.min(...parts.map(({ revertedUs = NaN, errorUs = 0 }) => revertedUs - errorUs));
      // What a NIC had been given already may still come.
      const settledUs = 500_000;
      for (const host of [1, 2]) {
        assert.deepEqual(stamps.between(host, fromUs + settledUs, toUs), [], `of host ${host} in between`);
        assert.ok(stamps.between(host, fromUs - 2_000_000, fromUs).length > 0, `of host ${host} before`);
        assert.ok(stamps.between(host, toUs, toUs + 2_000_000).length > 0, `of host ${host} after`);
      }
    });
  });

  describe('that have one disk', () => {
    const wwn = /^wwn naa\.6001405/;
    const disks = new Map<string, string>();
    let shared: string;

    before(async () => {
      await GuestIscsi.serve(await bed.machine(victim), '198.18.7.1');
      for (const name of [victim, neighbour]) {
        const machine = await bed.machine(name);
        const session = await GuestIscsi.reach(machine, '198.18.7.1');
        disks.set(name, (await session.login()).path);
      }
      await until(
        'both agents know of it',
        async () => {
          const { hosts } = await bed.ordeal.ask(async (control) => await control.listHosts({}));
          const parts = hosts.flatMap(({ resources }) => resources.flatMap(({ partOf }) => partOf));
          const found = parts.filter((part) => wwn.test(part));
          shared = found[0] ?? '';
          return found.length === 2 && new Set(found).size === 1;
        },
        1_000,
      );
    });

    async function reads(host: string, path = disks.get(host) ?? ''): Promise<boolean> {
      const read = `dd if=${path} of=/dev/null bs=4096 count=1 iflag=direct`;
      return (await (await bed.machine(host)).run(read)).code === 0;
    }

    test('it is lost by both at once, by hand and with one start, and no other disk is', async () => {
      assert.deepEqual([await reads(victim), await reads(neighbour)], [true, true]);
      const where = ['--host', '*', '--target', 'disk/*', '--part-of', shared, '--for', '10m'];
      const how = ['physical.storage.unavailability', '--mechanism', 'kernel'];
      const injected = await bed.ordeal.json('inject', ...how, ...where);
      const ids = (injected as { id: string; state: string }[]).map(({ id, state }) => {
        assert.equal(state, 'active');
        return id;
      });
      assert.equal(ids.length, 2);
      assert.deepEqual([await reads(victim), await reads(neighbour)], [false, false]);
      assert.deepEqual([await reads(victim, '/dev/sda'), await reads(neighbour, '/dev/sda')], [true, true]);
      for (const injection of ids) await bed.ordeal.json('stop', injection);
      assert.deepEqual([await reads(victim), await reads(neighbour)], [true, true]);
    });
  });
});

function campaign(name: string): string {
  return join(import.meta.dirname, `../../campaigns/${name}.yaml`);
}
