import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { assertLeftAsFound, machineFingerprint } from '../integration/machine-fingerprint.ts';
import { campaignText } from './campaign-text.ts';
import { Deployment } from './deployment.ts';
import { eventsOf, ofKind } from './saved-run.ts';

const answerSchema = z.object({
  faults: z.number(),
  trials: z.number(),
  estimateUs: z.number(),
  reach: z.object({ smallest: z.number() }),
  warnings: z.array(z.string()),
  leftOut: z.array(z.string()),
});

const plannedSchema = z.object({
  trials: z.array(z.object({ fault: z.string(), mechanism: z.string(), cell: z.string() })),
});

describe('a faultload that is generated from the hosts that are there', () => {
  let clean: string[];
  let deployment: Deployment;
  let base: string;

  before(async () => {
    clean = await machineFingerprint();
    deployment = await Deployment.start('generate');
    const { url } = deployment.system.service;
    base = await deployment.file('base.yaml', campaignText({ name: 'made', url, faults: [], goldenRuns: 1 }));
  });
  after(async () => {
    await deployment.end();
    await assertLeftAsFound(clean);
  });

  const generate = async (file: string, ...more: string[]): Promise<z.infer<typeof answerSchema>> =>
    answerSchema.parse(await deployment.json('campaign', 'generate', '--from', base, '-o', file, ...more));

  test('is valid, can be planned, and leaves out what carries Ordeal, which the file says', async () => {
    const file = join(deployment.directory, 'all.yaml');
    const { faults, trials, estimateUs, reach, warnings, leftOut } = await generate(
      file,
      '--allow-substitute',
    );
    assert.equal(trials, faults + 1);
    assert.ok(estimateUs > trials * 9_000_000);
    assert.ok(reach.smallest > 0.05);
    assert.ok(warnings.some((warning) => warning.includes('the smallest p that it can reach')));
    assert.ok(
      leftOut.some((line) => /nic mgmt0 of host-1.*is protected/.test(line)),
      leftOut.join('\n'),
    );
    assert.ok(leftOut.includes('tester: sends the load'));
    const text = await readFile(file, 'utf8');
    assert.match(text, /^# - .*mgmt0/m);
    assert.doesNotMatch(text, /^ .*nic: mgmt0/m);
    assert.equal((await deployment.ordeal('campaign', 'validate', '--allow-substitute', file)).code, 0);
    const planned = plannedSchema.parse(
      await deployment.json('campaign', 'plan', '--allow-substitute', file),
    );
    assert.equal(planned.trials.length, trials);
    assert.equal(new Set(planned.trials.map(({ fault }) => fault)).size, faults + 1);
  });

  test('asks for no substitute unless that is allowed', async () => {
    const file = join(deployment.directory, 'real.yaml');
    await generate(file);
    assert.equal((await deployment.ordeal('campaign', 'validate', file)).code, 0);
    assert.doesNotMatch(await readFile(file, 'utf8'), /mechanism: nft-drop/);
  });

  test('is not written over a file that is there, unless that is meant', async () => {
    const file = await deployment.file('there.yaml', 'mine\n');
    const again = ['campaign', 'generate', '--from', base, '-o', file];
    const refused = await deployment.ordeal(...again);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /there\.yaml is there already.*--force/s);
    assert.equal(await readFile(file, 'utf8'), 'mine\n');
    assert.equal((await deployment.ordeal(...again, '--force')).code, 0);
    assert.notEqual(await readFile(file, 'utf8'), 'mine\n');
  });

  test('runs as it was generated', async () => {
    const file = join(deployment.directory, 'few.yaml');
    const wanted = ['--cell', 'virtual.cpu.unavailability', 'physical.network.unavailability'];
    const there = ['--host', 'host-1', '--target', 'container/web', 'nic/eth0', '--allow-substitute'];
    const { trials } = await generate(file, ...wanted, ...there);
    assert.equal(trials, 3);
    const { code, stderr } = await deployment.ordeal('campaign', 'run', '--allow-substitute', file);
    // Whatever the verdict is: what is claimed is that the trials run.
    assert.notEqual(code, 2, stderr);
    const [{ id }] = (await deployment.json('campaign', 'list')) as [{ id: string }];
    await deployment.campaignEnds(id, 'COMPLETED');
    // A machine that is too busy to stage a fault in time lets a trial fail, but each of them is tried.
    const ended = ofKind(await eventsOf(deployment.runs, id), 'trial.ended');
    assert.equal(new Set(ended.map(({ trial }) => trial)).size, trials);
  });
});
