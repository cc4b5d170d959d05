import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import type { Event } from '../../events/event.ts';
import { assertLeftAsFound, machineFingerprint } from '../integration/machine-fingerprint.ts';
import { campaignText, faults } from './campaign-text.ts';
import { Deployment } from './deployment.ts';
import { eventsOf, ofKind } from './saved-run.ts';

const measuresSchema = z.object({
  trials: z.array(z.looseObject({ fault: z.looseObject({ name: z.string() }).optional() })),
});
const trialSchema = z.looseObject({
  trial: z.string(),
  valid: z.boolean(),
  reasons: z.array(z.string()),
  activated: z.union([z.boolean(), z.literal('unknown')]),
  instants: z.looseObject({ injectUs: z.number(), removeUs: z.number() }),
  injections: z.array(
    z.looseObject({
      fault: z.string(),
      activeUs: z.number(),
      revertedUs: z.number(),
      errorUs: z.number().optional(),
    }),
  ),
  infrastructure: z.looseObject({
    response: z
      .looseObject({ detection: z.looseObject({ atUs: z.number(), errorUs: z.number() }).optional() })
      .optional(),
  }),
});

/** The second fault began when it was to, after the line that it waited for was written. */
function assertUpon(trial: z.infer<typeof trialSchema>, events: readonly Event[]): void {
  const own = <Of extends Event>(all: readonly Of[]): Of | undefined =>
    all.findLast((event) => event.trial === trial.trial);
  const awaited = own(ofKind(events, 'fault.awaited'))?.body;
  assert.deepEqual([awaited?.fault, awaited?.rule], ['drop', 'down']);
  const down = trial.infrastructure.response?.detection;
  const drop = trial.injections.find(({ fault }) => fault === 'drop');
  assert.ok(down !== undefined && drop !== undefined);
  assert.ok(drop.activeUs > down.atUs - down.errorUs, 'not before the line');
  const { startUs = Infinity } = awaited ?? {};
  assert.ok(drop.activeUs >= startUs - (drop.errorUs ?? 0), 'not before its start');
  assert.deepEqual(trial.reasons, []);
  assert.ok(trial.valid);
}

describe('a combination of faults on the embedded target', () => {
  let clean: string[];
  let deployment: Deployment;

  before(async () => {
    clean = await machineFingerprint();
    deployment = await Deployment.start('combination');
  });
  after(async () => {
    await deployment.end();
    await assertLeftAsFound(clean);
  });

  test('begins and ends each fault at its own time, is measured over all of them, and leaves nothing', async () => {
    const single = campaignText({
      name: 'combined',
      url: deployment.system.service.url,
      faults: [faults.freeze, faults.drop],
      timeline: '{ warmUp: 3s, before: 3s, during: 3s, after: 3s, horizon: 10s }',
    });
    // Frozen from 0 s to 3 s, cut off from 2 s to 4 s; and cut off when the load balancer notices that it is frozen.
    const text = `${single}combinations:
  - { name: both, faults: [{ fault: freeze }, { fault: drop, at: 2s, during: 2s }] }
  - { name: noticed, faults: [{ fault: freeze, during: 6s }, { fault: drop, upon: detection, within: 6s, during: 1s }] }
watch: [{ name: front, host: tester, log: { file: '${deployment.system.front.log}' } }]
rules: [{ name: down, source: front, pattern: 'Server web/host-1 is DOWN', means: detection, by: management }]
`;
    const file = await deployment.file('combined.yaml', text);
    const { stdout, stderr } = await deployment.ordeal('campaign', 'run', '--allow-substitute', file);
    const [id] = /combined-\d{8}-\d{6}-[0-9a-f]{4}/.exec(stdout + stderr) ?? [];
    assert.ok(id !== undefined, stdout + stderr);
    await deployment.campaignEnds(id, 'COMPLETED');
    const { trials } = measuresSchema.parse(
      JSON.parse(await readFile(join(deployment.runs, id, 'measures.json'), 'utf8')),
    );
    assert.equal(trials.length, 4);
    const found = trials.find(({ fault }) => fault?.name === 'both');
    assert.deepEqual(found?.['reasons'], []);
    const both = trialSchema.parse(found);
    assert.equal(both.activated, true);
    assert.ok(both.valid);
    const [frozen, cut] = ['freeze', 'drop'].map((name) =>
      both.injections.find(({ fault }) => fault === name),
    );
    assert.ok(frozen !== undefined && cut !== undefined);
    assert.ok(cut.activeUs > frozen.activeUs && cut.activeUs < frozen.revertedUs, 'they overlap');
    assert.equal(both.instants.injectUs, frozen.activeUs);
    assert.equal(both.instants.removeUs, Math.max(frozen.revertedUs, cut.revertedUs));
    const events = await eventsOf(deployment.runs, id);
    const staged = ofKind(events, 'injection.staged').filter(({ trial }) => trial === both.trial);
    // On a busy machine an attempt may fail, and the next one come.
    assert.deepEqual(
      new Map(staged.map(({ body }) => [body.fault, body.durationUs])),
      new Map([
        ['drop', 2_000_000],
        ['freeze', 3_000_000],
      ]),
    );
    assertUpon(trialSchema.parse(trials.find(({ fault }) => fault?.name === 'noticed')), events);
  });
});
