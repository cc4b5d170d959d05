import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { ControllerBed } from '../integration/controller-bed.ts';
import { ordeal } from './command-line.ts';

const planSchema = z.object({
  reach: z.object({ smallestP: z.number(), cells: z.number() }),
  estimateUs: z.number(),
  trials: z.array(
    z.object({ fault: z.string(), repetition: z.number(), targets: z.array(z.object({ name: z.string() })) }),
  ),
});

/**
 * The hosts are the ends of the protocol alone, which say what a machine with the kernel modules, a disk sdb and the two functions says: to plan, nothing
 * has to be injected. The controller and the command line are the real ones.
 */
test('the campaign of the thesis is planned by the command line: 180 trials with golden runs amid them, in blocks', async (context) => {
  const bed = await ControllerBed.make(context);
  await bed.startController();
  const host = await bed.agent('host-1');
  host.things = [
    { kind: 'nic', name: 'eth0' },
    { kind: 'disk', name: 'sdb' },
    { kind: 'container', name: 'target-homestead' },
    { kind: 'container', name: 'target-sprout' },
  ];
  host.start();
  await bed.joined('tester');
  await bed.until(async () => (await bed.control.listHosts({})).hosts.length === 2, 'both are there');
  const home = await mkdtemp(join(tmpdir(), 'ordeal-home-'));
  context.after(async () => await rm(home, { recursive: true }));
  await mkdir(home, { recursive: true });
  await symlink(bed.nats.certificates, join(home, 'certificates'));
  const nowhere = '127.0.0.1:1';
  const endpoints = { control: bed.address, metrics: nowhere, nats: nowhere, status: {}, pid: process.pid };
  await writeFile(join(home, 'endpoints.json'), JSON.stringify(endpoints));

  const file = join(import.meta.dirname, '../../campaigns/thesis.yaml');
  const ask = async (...more: string[]) =>
    await ordeal(['campaign', 'plan', file, ...more], { cwd: home, env: { ORDEAL_HOME: home } });
  const people = await ask();
  assert.equal(people.code, 0, people.stderr);
  assert.match(people.stdout, /^thesis: 195 trials, seed 2018, about 16 h 38 min$/m);
  assert.match(
    people.stdout,
    /^smallest p of a cell \(5 trials\) against 15 golden runs after the correction for 24 cells: /m,
  );

  const { trials, estimateUs, reach } = planSchema.parse(JSON.parse((await ask('--json')).stdout));
  assert.equal(trials.filter(({ fault }) => fault !== '').length, 180);
  assert.equal(estimateUs, 195 * 307_000_000);
  assert.ok(reach.smallestP <= 0.05);
  const places = trials.flatMap(({ fault }, index) => (fault === '' ? [index] : []));
  assert.equal(places.length, 15);
  assert.deepEqual([places[0], places.at(-1)], [0, 194]);
  const gaps = places.slice(1).map((place, index) => place - (places[index] ?? 0));
  assert.ok(Math.max(...gaps) - Math.min(...gaps) <= 1, `golden runs are ${gaps.join(', ')} apart`);
  const blocks = [1, 2, 3, 4, 5].map((repetition) =>
    trials.flatMap((trial) =>
      trial.fault !== '' && trial.repetition === repetition
        ? [`${trial.fault} ${trial.targets.map(({ name }) => name).join()}`]
        : [],
    ),
  );
  const [first = []] = blocks;
  for (const block of blocks) assert.deepEqual([...block].sort(), [...first].sort());
  assert.notDeepEqual(blocks[1], first);
});
