import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { run } from '../../command/run.ts';
import { bugNames, type BugName } from '../../embedded/bugs/bug-name.ts';
import { bugs } from '../../embedded/bugs/catalogue.ts';
import { cureOf } from '../../embedded/bugs/cure.ts';
import type { EmbeddedHost, EmbeddedSystem } from '../../embedded/layout.ts';
import { down, status, up, type EmbeddedOptions } from '../../embedded/system.ts';
import { until } from '../until.ts';
import { assertLeftAsFound, machineFingerprint } from './machine-fingerprint.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root: it makes network namespaces';

describe('an embedded target with seeded bugs', { skip }, () => {
  let clean: string[];
  let options: EmbeddedOptions;
  let system: EmbeddedSystem;
  let one: EmbeddedHost;
  let two: EmbeddedHost;

  before(async () => {
    clean = await machineFingerprint();
    const name = `bugs-${process.pid}`;
    // Where the replicas, which are not root, can read their pages.
    options = { name, stateDirectory: `/run/ordeal-${name}`, bugs: bugNames };
    system = await up(options);
    const [first, second] = system.hosts;
    assert.ok(first && second);
    [one, two] = [first, second];
  });
  after(async () => {
    await down(options);
    await assertLeftAsFound(clean);
  });

  test('is answered as it is where nobody asks for bugs, and refused where others are asked for', async () => {
    const { name, stateDirectory } = options;
    assert.deepEqual((await up({ name, stateDirectory })).bugs, bugNames);
    await assert.rejects(up({ ...options, bugs: [] }), {
      code: 'ALREADY_EXISTS',
      message: /seeded bugs unchecked-copy.*, not none/,
    });
  });

  test('repairs a replica that is killed, and one that is cut off, and shows none of them', async () => {
    await kill(one);
    await until('it is restarted', async () => (await starts(one)) === 2);
    await isWhole();
    await cut(one, 'down');
    await gone(one);
    await cut(one, 'up');
    await isWhole();
    assert.deepEqual(await answers(), [system.service.body]);
    assert.deepEqual(await shown(), []);
  });

  test('serves an empty page when a replica was killed while it was cut off, until it is cured', async () => {
    await cut(one, 'down');
    await gone(one);
    await kill(one);
    await until('the copy has failed', async () => (await shown()).includes('unchecked-copy'));
    await cut(one, 'up');
    await isWhole();
    assert.deepEqual(await answers(), ['', system.service.body]);
    await cured();
    assert.deepEqual(await shown(), ['unchecked-copy']);
  });

  test('gives a replica up, and is sorry for good, when both were killed, until it is cured', async () => {
    await kill(one, two);
    // Both stay away until a request has come.
    for (const host of [one, two]) await cut(host, 'down');
    await until('the front is sorry', async () => {
      await answers();
      return (await shown()).includes('sorry-for-good');
    });
    for (const host of [one, two]) await cut(host, 'up');
    await until('one replica is back', async () => (await healthy()).length === 1);
    assert.deepEqual(await answers(), ['sorry']);
    assert.deepEqual(await shown(), bugNames);
    await cured();
  });

  /** All at the same time. Who dies before its supervisor takes it to run is given up. */
  async function kill(...killed: readonly EmbeddedHost[]): Promise<void> {
    for (const host of killed) await until(`${host.name} runs`, async () => (await starts(host)) > 0);
    const { hosts } = await status(options);
    const pids = killed.map(({ name }) => hosts.find((host) => host.name === name)?.replica.pid);
    for (const pid of pids) process.kill(pid ?? assert.fail('there is no replica'), 'SIGKILL');
  }

  /** How often its supervisor has said that it runs; 0 while it is being started. */
  async function starts({ supervisorLog }: EmbeddedHost): Promise<number> {
    const said = (await readFile(supervisorLog, 'utf8'))
      .split('\n')
      .filter((line) => /spawned|entered/.test(line));
    return said.at(-1)?.includes('RUNNING') === true
      ? said.filter((line) => line.includes('RUNNING')).length
      : 0;
  }

  async function cut({ netns, container }: EmbeddedHost, state: 'up' | 'down'): Promise<void> {
    await run('ip', ['-netns', basename(netns), 'link', 'set', container.name, state]);
  }

  async function healthy(): Promise<string[]> {
    const { hosts } = await status(options);
    return hosts.flatMap(({ name, replica }) => (replica.healthy ? [name] : []));
  }

  async function gone({ name }: EmbeddedHost): Promise<void> {
    await until(`${name} is noticed to be gone`, async () => !(await healthy()).includes(name));
  }

  async function isWhole(): Promise<void> {
    await until('both replicas are back', async () => (await healthy()).length === 2);
  }

  async function cured(): Promise<void> {
    await run('sh', [cureOf(system)], { timeoutMs: 60_000 });
    await isWhole();
    assert.deepEqual(await answers(), [system.service.body]);
  }

  /** What some requests of the front's users are answered, each text once. */
  async function answers(): Promise<string[]> {
    const program = `
      const texts = new Set();
      for (let request = 0; request < 8; request += 1) {
        const response = await fetch(process.argv[1], { headers: { connection: 'close' } });
        texts.add(await response.text());
      }
      process.stdout.write(JSON.stringify([...texts].sort()));`;
    const node = [process.execPath, '--input-type=module', '--eval', program, system.service.url];
    const output = await run('nsenter', [`--net=${system.front.netns}`, '--', ...node]);
    return JSON.parse(output) as string[];
  }

  /** The bugs that the logs tell of so far. */
  async function shown(): Promise<BugName[]> {
    const logs = {
      front: [system.front.log],
      supervisor: system.hosts.map(({ supervisorLog }) => supervisorLog),
      replica: system.hosts.map(({ replicaLog }) => replicaLog),
    };
    const found: BugName[] = [];
    for (const name of bugNames) {
      const { log, line } = bugs[name].symptom;
      const texts = await Promise.all(logs[log].map(async (path) => await readFile(path, 'utf8')));
      if (texts.some((text) => line.test(text))) found.push(name);
    }
    return found;
  }
});
