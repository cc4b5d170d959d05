import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CampaignStream } from '../../controller/campaigns/stream.ts';
import { Bus } from '../../events/bus.ts';
import { idOf, type Event } from '../../events/event.ts';
import { createLog } from '../../service/log.ts';
import { campaignText, ControllerBed } from './controller-bed.ts';
import { setup } from './nats-server.ts';

const silent = createLog('test', { level: 'silent' });

const byHand = {
  cell: 'virtual.cpu.unavailability',
  mechanism: 'cgroup-freeze',
  host: 'host-1',
  kind: 'container',
  name: 'web',
  durationUs: 60_000_000,
  mode: { permanent: true },
};

describe('what the controller believes', { concurrency: 3 }, () => {
  test('a verdict is believed of the metrics service alone', async (context) => {
    const nats = await setup();
    const { servers, tls } = nats;
    const bus = await Bus.connect({ servers, tls, name: 'test', log: silent });
    context.after(async () => {
      await bus.close();
      await nats.cleanup();
    });
    await bus.ensureStreams();
    const say = async (producer: string, verdict: 'pass' | 'fail'): Promise<void> => {
      const body: Event['body'] = { kind: 'trial.measured', final: true, verdict, reasons: [] };
      const scope = { campaign: 'c1', trial: 't1', attempt: 1 };
      const clocks = { host: producer, wallUs: 1, monoUs: 1 };
      const event: Event = { producer, incarnation: '0123abcd', seq: 0, ...scope, ...clocks, body };
      await bus.publish(`ordeal.events.c1.t1.${producer}`, idOf(event), Buffer.from(JSON.stringify(event)));
    };
    await say('host-1', 'pass');
    await say('metrics', 'fail');
    const { signal } = new AbortController();
    const stream = new CampaignStream({ bus, campaign: 'c1', rules: [], halted: signal, log: silent });
    context.after(() => stream.end());
    assert.equal((await stream.measured('t1', 1, 20_000_000, signal))?.verdict, 'fail');
  });

  test('an injection is over when its own host says so, not when another does', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    const [, other] = await bed.joined('host-1', 'host-2');
    assert.ok(other);
    const [injection] = (await bed.control.inject({ ...byHand, requestId: 'a' })).injections;
    assert.ok(injection);
    other.say({ id: injection.id, state: 'ENDED', atUs: 1 });
    await bed.until(() => other.acknowledged.includes(injection.id), 'it was heard');
    const { injections } = await bed.control.listInjections({});
    assert.deepEqual(
      injections.map(({ state }) => state),
      ['active'],
    );
  });

  test('a host is used by a campaign or by an injection by hand, never by both', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.joined('tester', 'host-1', 'host-2');
    const text = campaignText({ faults: 1, golden: 0 }).replace('host: host-*', 'host: host-1');
    const id = await bed.run(text);
    await assert.rejects(
      bed.control.inject({ ...byHand, requestId: 'a' }),
      (error: Error & { code?: string; remedy?: string }) => {
        assert.equal(error.code, 'ALREADY_EXISTS');
        assert.match(error.message, new RegExp(`campaign ${id} runs on host "host-1"`));
        assert.match(error.remedy ?? '', new RegExp(`campaign abort ${id}`));
        return true;
      },
    );
    // The host beside it is free, and then is not for a campaign.
    const [injection] = (await bed.control.inject({ ...byHand, host: 'host-2', requestId: 'b' })).injections;
    assert.ok(injection);
    const another = text.replace('name: short', 'name: another').replaceAll('host-1', 'host-2');
    const request = { file: { text: another, name: 'b.yaml' }, requestId: 'c' };
    await bed.control.abortCampaign({ id, reason: 'enough' });
    await bed.ended(id);
    await assert.rejects(bed.control.runCampaign(request), {
      code: 'ALREADY_EXISTS',
      message: new RegExp(`injection ${injection.id}, made by hand, is on host "host-2"`),
    });
    await bed.control.stopInjection({ id: injection.id });
    await bed.until(async () => {
      const { state } = await bed.control.runCampaign(request);
      return state === 'RUNNING';
    }, 'the host is free again');
  });
});
