import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import type { EmbeddedSystem } from '../../embedded/layout.ts';
import type { Event } from '../../events/event.ts';
import { assertLeftAsFound, machineFingerprint } from '../integration/machine-fingerprint.ts';
import { campaignText, faults } from './campaign-text.ts';
import { Deployment } from './deployment.ts';
import { eventsOf, ofKind } from './saved-run.ts';

const rules = [
  {
    name: 'down',
    source: 'front',
    pattern: 'Server web/(?<component>\\S+) is DOWN',
    means: 'detection',
    by: 'management',
  },
  {
    name: 'up',
    source: 'front',
    pattern: 'Server web/(?<component>\\S+) is UP',
    means: 'recovery-done',
    by: 'management',
  },
  { name: 'exited', source: 'supervisor', pattern: 'exited: web', means: 'detection', by: 'node' },
  { name: 'spawned', source: 'supervisor', pattern: "spawned: 'web'", means: 'recovery-begun', by: 'node' },
  {
    name: 'running',
    source: 'supervisor',
    pattern: 'web entered RUNNING',
    means: 'recovery-done',
    by: 'node',
  },
] as const;

/** JSON is YAML. */
function watching({ front, hosts: [one] }: EmbeddedSystem): string {
  const watch = [
    { name: 'front', host: 'tester', log: { file: front.log } },
    { name: 'supervisor', host: 'host-1', log: { file: one?.supervisorLog } },
    { name: 'kernel', host: 'host-1', kernel: {} },
  ];
  const components = { 'host-1': 'host-1', 'host-2': 'host-2' };
  return ['watch', watch, 'components', components, 'rules', rules]
    .map((part) => (typeof part === 'string' ? `${part}: ` : `${JSON.stringify(part)}\n`))
    .join('');
}

const measuresSchema = z.looseObject({
  trials: z.array(
    z.looseObject({
      trial: z.string(),
      fault: z.looseObject({ name: z.string() }).optional(),
      infrastructure: z.looseObject({
        response: z.looseObject({ detected: z.unknown(), repaired: z.unknown() }).optional(),
        unknownBecause: z.array(z.string()),
      }),
    }),
  ),
});

describe('what the infrastructure says about itself', () => {
  let clean: string[];
  let deployment: Deployment;
  let events: Event[];
  let trials: z.infer<typeof measuresSchema>['trials'];

  before(async () => {
    clean = await machineFingerprint();
    deployment = await Deployment.start('watches');
    const text = campaignText({
      name: 'watched',
      url: deployment.system.service.url,
      faults: [
        faults.kill,
        faults.drop.replace('name: drop', 'name: armed, mode: { share: 0% }'),
        '{ name: placebo, cell: virtual.cpu.delay, mechanism: noop, target: { host: host-1, container: web } }',
      ],
      timeline: '{ warmUp: 1s, before: 2s, during: 2s, after: 4s, horizon: 8s }',
    });
    const file = await deployment.file('watched.yaml', text + watching(deployment.system));
    await deployment.ordeal('campaign', 'run', '--allow-substitute', file);
    const [{ id }] = (await deployment.json('campaign', 'list')) as [{ id: string }];
    await deployment.campaignEnds(id, 'COMPLETED');
    events = await eventsOf(deployment.runs, id);
    const measures = await readFile(join(deployment.runs, id, 'measures.json'), 'utf8');
    ({ trials } = measuresSchema.parse(JSON.parse(measures)));
  });
  after(async () => {
    await deployment.end();
    await assertLeftAsFound(clean);
  });

  const trialOf = (fault: string): (typeof trials)[number] => {
    const found = trials.find((trial) => trial.fault?.name === fault);
    assert.ok(found, `there is a trial with ${fault}`);
    return found;
  };
  /** By the rules' names, what they match in a trial. */
  const matched = (fault: string): { rule: string; line: Event<'watch.line'> }[] =>
    ofKind(events, 'watch.line')
      .filter(({ trial }) => trial === trialOf(fault).trial)
      .flatMap((line) =>
        rules
          .filter(
            ({ source, pattern }) => source === line.body.watch && new RegExp(pattern).test(line.body.text),
          )
          .map(({ name }) => ({ rule: name, line })),
      );

  test('a replica that is killed is noticed and brought back, in words of the load balancer and of the supervisor, with their own times', () => {
    const found = matched('kill');
    assert.deepEqual(
      [...new Set(found.map(({ rule }) => rule))].sort(),
      rules.map(({ name }) => name).sort(),
    );
    const [active] = ofKind(events, 'injection.active').filter(
      ({ trial }) => trial === trialOf('kill').trial,
    );
    assert.ok(active);
    for (const { rule, line } of found) {
      assert.ok(line.body.stamped, line.body.text);
      // One machine, one clock; a stamp of milliseconds may be that of the millisecond before.
      assert.ok(line.monoUs >= active.monoUs - 2_000, `${rule}: ${line.body.text}`);
    }
  });

  test('it is measured as detected and repaired', () => {
    const { response, unknownBecause } = trialOf('kill').infrastructure;
    assert.deepEqual([response?.detected, response?.repaired], [true, true], unknownBecause.join('; '));
  });

  for (const fault of ['armed', 'placebo']) {
    test(`a fault that touches nothing (${fault}) is not detected`, () => {
      assert.deepEqual(matched(fault), []);
    });
  }

  test('every watch says when it begins and ends, and that nothing was lost', () => {
    const begun = ofKind(events, 'watch.started').map(({ trial, body }) => `${trial ?? ''} ${body.watch}`);
    const ended = ofKind(events, 'watch.ended');
    assert.equal(begun.length, 9);
    assert.deepEqual(ended.map(({ trial, body }) => `${trial ?? ''} ${body.watch}`).sort(), begun.sort());
    for (const { body } of ended) assert.deepEqual([body.dropped, body.failed], [0, undefined]);
  });

  test('the controller was told that no recovery was open, and did not wait for the horizon', () => {
    for (const trial of ['t001', 't002', 't003']) {
      const last = ofKind(events, 'trial.watched').findLast((event) => event.trial === trial);
      assert.equal(last?.producer, 'metrics');
      assert.equal(last.body.open, false, last.body.reason);
    }
  });
});
