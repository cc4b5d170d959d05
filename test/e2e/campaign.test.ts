import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { decodeSamples, encodeSamples } from '../../events/samples.ts';
import { assertLeftAsFound, machineFingerprint } from '../integration/machine-fingerprint.ts';
import { campaignText, faults } from './campaign-text.ts';
import { until } from '../until.ts';
import { Deployment } from './deployment.ts';
import { eventsOf, ofKind } from './saved-run.ts';
import { Victim } from './victim.ts';

const plannedSchema = z.object({
  trials: z.array(z.object({ id: z.string(), fault: z.string(), durationUs: z.number() })),
});

const measuresSchema = z.looseObject({
  verdict: z.string(),
  trials: z.array(
    z.looseObject({
      trial: z.string(),
      fault: z.looseObject({ name: z.string() }).optional(),
      verdict: z.string(),
      service: z.looseObject({ unavailability: z.looseObject({ us: z.number() }) }),
      injections: z.array(z.looseObject({ effects: z.number() })),
      samples: z.object({ rows: z.number(), sha256: z.string() }),
    }),
  ),
});

describe('a campaign from its file to its report', () => {
  let clean: string[];
  let deployment: Deployment;
  let campaign: string;

  before(async () => {
    clean = await machineFingerprint();
    deployment = await Deployment.start('campaign');
  });
  after(async () => {
    await deployment.end();
    await assertLeftAsFound(clean);
  });

  const fileOf = async (name: string, parts: Partial<Parameters<typeof campaignText>[0]>): Promise<string> =>
    await deployment.file(
      `${name}.yaml`,
      campaignText({
        name,
        url: deployment.system.service.url,
        faults: [faults.freeze, faults.drop],
        goldenRuns: 1,
        ...parts,
      }),
    );

  async function measuresOf(id: string): Promise<z.infer<typeof measuresSchema>> {
    return measuresSchema.parse(
      JSON.parse(await readFile(join(deployment.runs, id, 'measures.json'), 'utf8')),
    );
  }

  test('its plan says how long each fault lasts', async () => {
    const planned = plannedSchema.parse(
      await deployment.json('campaign', 'plan', '--allow-substitute', await fileOf('planned', {})),
    );
    assert.deepEqual(planned.trials.map(({ fault, durationUs }) => [fault, durationUs]).sort(), [
      ['', 0],
      ['drop', 3_000_000],
      ['freeze', 3_000_000],
    ]);
  });

  test('runs every trial of its plan once, in order, and answers with the exit code of its verdict', async () => {
    const file = await fileOf('whole', { slo: '{ unavailability: 9s }' });
    const planned = plannedSchema.parse(
      await deployment.json('campaign', 'plan', '--allow-substitute', file),
    );
    const { code, stdout, stderr } = await deployment.ordeal('campaign', 'run', '--allow-substitute', file);
    assert.equal(code, 0, stdout + stderr);
    const [{ id }] = (await deployment.json('campaign', 'list')) as [{ id: string }];
    campaign = id;
    await deployment.campaignEnds(id, 'COMPLETED');
    const events = await eventsOf(deployment.runs, id);
    const ended = ofKind(events, 'trial.ended').map(({ trial, body }) => [trial, body.outcome]);
    assert.deepEqual(
      // A machine that is too busy to stage a fault in time lets an attempt fail, and the next one come.
      ended.filter(([, outcome]) => outcome !== 'failed'),
      planned.trials.map((trial) => [trial.id, 'completed']),
    );
  });

  test('the golden run is not interrupted, and a fault that freezes or cuts a replica is felt', async () => {
    const { trials } = await measuresOf(campaign);
    const unavailable = (name: string | undefined): number | undefined =>
      trials.find(({ fault }) => fault?.name === name)?.service.unavailability.us;
    assert.equal(unavailable(undefined), 0);
    assert.ok((unavailable('freeze') ?? 0) > 0);
    assert.ok((unavailable('drop') ?? 0) > 0);
    for (const { injections, samples } of trials) {
      for (const { effects } of injections) assert.ok(effects > 0);
      // 200 requests a second, from the warm-up to one timeout beyond the end.
      assert.equal(samples.rows, 200 * 10);
    }
  });

  test('an SLO that is not met is exit code 1', async () => {
    const file = await fileOf('strict', {
      faults: [faults.freeze],
      goldenRuns: 0,
      slo: '{ unavailability: 100ms }',
    });
    const { code, stdout } = await deployment.ordeal('campaign', 'run', '--allow-substitute', file);
    assert.equal(code, 1, stdout);
    assert.match(stdout, /fail/);
  });

  test('a canary that misses the SLO ends the campaign: exit code 3, no further trial, and the report says why', async () => {
    const file = await fileOf('canary', {
      faults: [faults.freeze],
      goldenRuns: 3,
      slo: '{ throughput: 100000/s }',
      abort: '{ canary: [golden-runs] }',
    });
    const { code, stdout } = await deployment.ordeal('campaign', 'run', '--allow-substitute', file);
    assert.equal(code, 3, stdout);
    assert.match(stdout, /campaign aborted: the canary t\d+ \(golden run\) misses the SLO/);
    const campaigns = (await deployment.json('campaign', 'list')) as { id: string; trialsFailed: number }[];
    const [id = ''] = campaigns.filter((one) => one.id.startsWith('canary')).map((one) => one.id);
    await deployment.campaignEnds(id, 'ABORTED');
    const golden = ofKind(await eventsOf(deployment.runs, id), 'trial.measured');
    assert.equal(golden.filter(({ body }) => body.verdict === 'fail').at(-1), golden.at(-1));
    const report = await readFile(join(deployment.runs, id, 'report.html'), 'utf8');
    assert.match(report, /the canary t\d+ \(golden run\) misses the SLO/);
  });

  test('measuring the saved run again gives the same bytes; one sample changed gives others', async () => {
    const directory = join(deployment.runs, campaign);
    const file = join(directory, 'measures.json');
    const first = await readFile(file);
    await rm(file);
    assert.equal((await deployment.ordeal('measure', directory)).code, 0);
    assert.deepEqual(await readFile(file), first);

    const samples = join(directory, 'samples', 't002-1.samples');
    const bytes = await readFile(samples);
    const { batch, next } = decodeSamples(bytes);
    batch.columns.answeredUs[0] = (batch.columns.answeredUs[0] ?? 0) + 1;
    await writeFile(samples, Buffer.concat([encodeSamples(batch), bytes.subarray(next)]));
    assert.equal((await deployment.ordeal('measure', directory)).code, 0);
    assert.notDeepEqual(await readFile(file), first);
    await writeFile(samples, bytes);
  });

  test('a watch that is resumed tells nothing twice and leaves nothing out', async () => {
    const lines = async (...more: string[]): Promise<{ sequence: number }[]> => {
      const { stdout } = await deployment.ordeal('campaign', 'watch', campaign, '--json', ...more);
      return stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { sequence: number });
    };
    const all = await lines();
    const middle = all[Math.floor(all.length / 2)];
    assert.ok(middle !== undefined);
    assert.deepEqual(
      await lines('--from', String(middle.sequence)),
      all.filter(({ sequence }) => sequence >= middle.sequence),
    );
  });

  test('abort in the middle of a fault ends it, and the host is clean', async () => {
    const victim = new Victim(deployment.system, 'host-1');
    const file = await fileOf('aborted', {
      faults: [faults.freeze],
      goldenRuns: 0,
      timeline: '{ warmUp: 1s, before: 1s, during: 60s, after: 1s, horizon: 5s }',
    });
    const { id } = (await deployment.json('campaign', 'run', '--allow-substitute', file, '--detach')) as {
      id: string;
    };
    await until('the fault is active', async () => await victim.isFrozen());
    assert.equal((await deployment.ordeal('campaign', 'abort', id)).code, 0);
    await until('the container is thawed', async () => !(await victim.isFrozen()));
    await deployment.campaignEnds(id, 'ABORTED');
    const checks = ofKind(await eventsOf(deployment.runs, id), 'host.checked');
    assert.deepEqual(checks.at(-1)?.body.residue, []);
  });

  test('a campaign whose target is not there starts nothing', async () => {
    const file = await fileOf('absent', {
      faults: [faults.freeze.replace('container: web', 'container: nothing')],
    });
    const { code, stderr } = await deployment.ordeal('campaign', 'run', '--allow-substitute', file);
    assert.equal(code, 2);
    assert.match(stderr, /nothing/);
  });

  for (const [what, mechanism, says] of [
    [
      'a cell that no mechanism serves on a disk',
      '',
      /is a disk; kernel-memory-corrupt reaches host for physical\.memory\.corruption/,
    ],
    [
      'a mechanism that there is none of',
      'mechanism: disk-melt, ',
      /faultload\[0\]\.mechanism: is "disk-melt"/,
    ],
  ] as const) {
    test(`a campaign with ${what}, on disks that no host has, starts nothing`, async () => {
      const campaigns = await deployment.json('campaign', 'list');
      const injections = await deployment.json('injections', '--all');
      const file = await fileOf('storage', {
        faults: [
          `{ name: slow, cell: physical.memory.corruption, ${mechanism}target: { host: host-1, disk: sda } }`,
        ],
      });
      const { code, stdout, stderr } = await deployment.ordeal('campaign', 'run', '--allow-substitute', file);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, says);
      assert.equal(stderr.match(/^ordeal:/gm)?.length, 1, stderr);
      assert.doesNotMatch(stderr, /\n\s+at /, 'no stack');
      assert.deepEqual(await deployment.json('campaign', 'list'), campaigns);
      assert.deepEqual(await deployment.json('injections', '--all'), injections);
    });
  }
});
