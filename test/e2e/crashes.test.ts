import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertLeftAsFound, machineFingerprint } from '../integration/machine-fingerprint.ts';
import { campaignText, faults } from './campaign-text.ts';
import { until } from '../until.ts';
import { Deployment } from './deployment.ts';
import { eventsOf, ofKind } from './saved-run.ts';
import { Victim } from './victim.ts';

describe('crashes and cuts', () => {
  let clean: string[];
  let deployment: Deployment;
  let victim: Victim;

  before(async () => {
    clean = await machineFingerprint();
    deployment = await Deployment.start('crashes');
    victim = new Victim(deployment.system, 'host-1');
  });
  after(async () => {
    await deployment.end();
    await assertLeftAsFound(clean);
  });

  const freeze = [
    'virtual.cpu.unavailability',
    '--mechanism',
    'cgroup-freeze',
    '--host',
    'host-1',
    '--target',
    'container/web',
  ];

  async function begin(name: string, fault: string, timeline?: string): Promise<string> {
    const text = campaignText({
      name,
      url: deployment.system.service.url,
      faults: [fault],
      ...(timeline === undefined ? {} : { timeline }),
    });
    const file = await deployment.file(`${name}.yaml`, text);
    const campaign = (await deployment.json('campaign', 'run', file, '--detach')) as { id: string };
    return campaign.id;
  }

  test('an agent that is killed during a fault takes it away when it starts again', async () => {
    await deployment.json('inject', ...freeze, '--for', '10m');
    assert.equal(await victim.isFrozen(), true);
    await deployment.signal('host-1', 'SIGKILL');
    assert.equal(await victim.isFrozen(), true, 'nobody is there to end it yet');
    await deployment.launch('host-1');
    await until('the container is thawed', async () => !(await victim.isFrozen()));
    await deployment.allHostsConnected();
  });

  test('an agent that is asked to end reverts its faults first', async () => {
    await deployment.json('inject', ...freeze, '--for', '10m');
    assert.equal(await victim.isFrozen(), true);
    await deployment.signal('host-1', 'SIGTERM');
    assert.equal(await victim.isFrozen(), false);
    await deployment.launch('host-1');
    await deployment.allHostsConnected();
  });

  test('a host that is cut off during a fault ends it at its deadline', async () => {
    await deployment.json('inject', ...freeze, '--for', '10s');
    await victim.management('down');
    try {
      assert.equal(await victim.isFrozen(), true);
      await until('the container is thawed', async () => !(await victim.isFrozen()));
    } finally {
      await victim.management('up');
    }
    await deployment.allHostsConnected();
  });

  test('a host that is cut off before the start of a fault does not start it', async () => {
    const id = await begin(
      'cut',
      faults.freeze,
      '{ warmUp: 1s, before: 10s, during: 3s, after: 2s, horizon: 5s }',
    );
    await until('the fault is staged', async () =>
      JSON.stringify(await deployment.json('injections')).includes('"staged"'),
    );
    await victim.management('down');
    try {
      for (let second = 0; second < 15; second += 0.1) {
        assert.equal(await victim.isFrozen(), false);
        await sleep(100);
      }
    } finally {
      await victim.management('up');
    }
    await deployment.ordeal('campaign', 'abort', id);
    await deployment.campaignEnds(id, 'ABORTED');
    await deployment.allHostsConnected();
  });

  test('a controller that is killed during a fault goes on: no trial runs twice as one, nothing is left', async () => {
    const id = await begin('resumed', faults.freeze);
    await until('the fault is active', async () => await victim.isFrozen());
    await deployment.signal('controller', 'SIGKILL');
    await sleep(2000);
    await deployment.launch('controller');
    await deployment.allHostsConnected();
    await deployment.campaignEnds(id, 'COMPLETED');
    assert.equal(await victim.isFrozen(), false);

    const events = await eventsOf(deployment.runs, id);
    const ends = ofKind(events, 'trial.ended').map(({ trial, attempt, body }) => [
      trial,
      attempt,
      body.outcome,
    ]);
    assert.deepEqual(ends, [
      ['t001', 1, 'interrupted'],
      ['t001', 2, 'completed'],
    ]);
    assert.equal(ofKind(events, 'campaign.started').length, 1);
    assert.equal(ofKind(events, 'campaign.ended').length, 1);
  });

  test('a nats-server that is away for 20 s in the middle of a trial costs no event and no sample', async () => {
    const id = await begin(
      'outage',
      faults.freeze,
      '{ warmUp: 1s, before: 2s, during: 3s, after: 20s, horizon: 5s }',
    );
    await until('the fault is active', async () => await victim.isFrozen());
    await deployment.signal('nats', 'SIGTERM');
    await sleep(20_000);
    await deployment.launch('nats');
    await deployment.campaignEnds(id, 'COMPLETED');

    const events = await eventsOf(deployment.runs, id);
    assert.equal(ofKind(events, 'trial.ended').length, 1);
    const [measured] = ofKind(events, 'trial.measured');
    assert.ok(measured?.body.final, 'the measures are final: no sequence number is missing');
    const said = events.map(({ producer, incarnation, trial, attempt, seq }) =>
      [producer, incarnation, trial, attempt, seq].join(),
    );
    assert.equal(new Set(said).size, said.length, 'none is counted twice');
    // 200 requests a second over 1 + 2 + 3 + 20 s, and the timeout of 1 s beyond.
    const [workload] = ofKind(events, 'workload.ended');
    assert.equal(workload?.body.rows, 27 * 200);
    const measures = (await deployment.json('measure', `${deployment.runs}/${id}`)) as {
      trials: { samples: { rows: number } }[];
    };
    assert.equal(measures.trials[0]?.samples.rows, 27 * 200);
  });
});
