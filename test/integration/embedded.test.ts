import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { run } from '../../command/run.ts';
import type { EmbeddedSystem } from '../../embedded/layout.ts';
import { down, status, up, type EmbeddedOptions } from '../../embedded/system.ts';
import { until } from '../until.ts';
import { assertLeftAsFound, machineFingerprint } from './machine-fingerprint.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root: it makes network namespaces';

/** What a test leaves, it leaves as it was found, whether it passed or not. */
async function instance(context: TestContext, name: string): Promise<EmbeddedOptions> {
  const parent = await mkdtemp(join(tmpdir(), 'ordeal-e2e-embedded-'));
  const options = { name: `${name}-${process.pid}`, stateDirectory: join(parent, 'state') };
  context.after(async () => {
    await down(options);
    await rm(parent, { recursive: true });
  });
  return options;
}

/** Which replicas answered a number of requests made in the front's namespace, each on a connection of its own. */
async function answeringReplicas(system: EmbeddedSystem): Promise<Set<string>> {
  const program = `
    for (let request = 0; request < 8; request += 1) {
      const response = await fetch(process.argv[1], { headers: { connection: 'close' } });
      const body = await response.text();
      console.log(JSON.stringify([response.status, body, response.headers.get(process.argv[2])]));
    }`;
  const { url, body, replicaHeader } = system.service;
  const node = [process.execPath, '--input-type=module', '--eval', program, url, replicaHeader];
  const output = await run('nsenter', [`--net=${system.front.netns}`, '--', ...node]);
  const replicas = new Set<string>();
  for (const line of output.trim().split('\n')) {
    const answer: unknown = JSON.parse(line);
    assert.ok(Array.isArray(answer));
    assert.deepEqual(answer.slice(0, 2), [200, body]);
    replicas.add(String(answer[2]));
  }
  return replicas;
}

async function replicaPid(options: EmbeddedOptions, host: string): Promise<number> {
  const found = (await status(options)).hosts.find((candidate) => candidate.name === host);
  assert.ok(found?.replica.pid);
  return found.replica.pid;
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

describe('the embedded target', { skip }, () => {
  test('answers from both replicas, is the same on a second up, and leaves nothing', async (context) => {
    const options = await instance(context, 'plain');
    const before = await machineFingerprint();
    const system = await up(options);

    assert.deepEqual([...(await answeringReplicas(system))].sort(), ['host-1', 'host-2']);
    for (const node of [system.front, ...system.hosts]) {
      await run('ping', ['-c', '1', '-W', '1', node.managementAddress]);
    }
    const first = await status(options);
    assert.equal(first.state, 'healthy');
    assert.deepEqual(await up(options), system);
    assert.deepEqual(await status(options), first, 'no process was started anew');

    const during = await machineFingerprint();
    assert.ok(during.some((line) => line.includes(system.management.bridge)));
    await down(options);
    await assertLeftAsFound(before);
    assert.equal((await status(options)).state, 'absent');
    await down(options);
    await assertLeftAsFound(before);
  });

  test('notices a killed replica and repairs it', async (context) => {
    const options = await instance(context, 'killed');
    const system = await up(options);
    const [host] = system.hosts;
    assert.ok(host);
    const killed = await replicaPid(options, host.name);
    process.kill(killed, 'SIGKILL');

    await until('HAProxy marks the replica down', async () => (await status(options)).state === 'degraded');
    assert.deepEqual([...(await answeringReplicas(system))], ['host-2'], 'the other replica serves alone');
    await until('the replica is healthy again', async () => (await status(options)).state === 'healthy');
    assert.notEqual(await replicaPid(options, host.name), killed);
    assert.match(await readFile(host.supervisorLog, 'utf8'), /WARN exited: web [^]*INFO spawned: 'web'/);
    assert.match(
      await readFile(system.front.log, 'utf8'),
      /^\d{4}-\d\d-\d\dT\S+\+00:00 .*web\/host-1 .*DOWN/m,
    );
    assert.deepEqual([...(await answeringReplicas(system))].sort(), ['host-1', 'host-2']);
  });

  test('is removed and made anew when parts of it are gone, frozen or dead', async (context) => {
    const options = await instance(context, 'damaged');
    const before = await machineFingerprint();
    const system = await up(options);
    const [one, two] = system.hosts;
    const supervisor = (await status(options)).hosts[0]?.supervisor.pid;
    assert.ok(one && two && supervisor);
    process.kill(supervisor, 'SIGKILL');
    await run('ip', ['netns', 'delete', `ordeal-${options.name}-host-1`]);
    assert.equal((await status(options)).state, 'broken');

    const again = await up(options);
    assert.equal((await status(options)).state, 'healthy');
    assert.deepEqual(again.hosts, system.hosts);

    await freeze(two.container.cgroup);
    await rm(join(options.stateDirectory, 'embedded.json'));
    await run('ip', ['link', 'delete', system.front.managementLink]);
    await down(options);
    await rm(options.stateDirectory, { recursive: true, force: true });
    await assertLeftAsFound(before);
  });

  test('that cannot be made says why with its logs, and leaves nothing', async (context) => {
    const options = await instance(context, 'refused');
    const programs = await mkdtemp(join(tmpdir(), 'ordeal-e2e-programs-'));
    const { PATH = '' } = process.env;
    context.after(async () => {
      process.env['PATH'] = PATH;
      await rm(programs, { recursive: true });
    });
    const before = await machineFingerprint();
    // It lives long enough to be seen, and is lost then.
    const broken = '#!/bin/sh\nif [ "$1" != -v ]; then sleep 1; echo "cannot bind" >&2; exit 1; fi\n';
    await writeFile(join(programs, 'haproxy'), broken, { mode: 0o755 });
    process.env['PATH'] = `${programs}:${PATH}`;
    await assert.rejects(up(options), /could not be made: it lost the process haproxy[^]*cannot bind/);
    await assertLeftAsFound(before);
    assert.equal(await isThere(options.stateDirectory), false);
  });

  test('lives beside another one, and neither takes what is of the other', async (context) => {
    const one = await instance(context, 'one');
    const other = await instance(context, 'other');
    const [systemOne, systemOther] = await Promise.all([up(one), up(other)]);
    assert.notEqual(systemOne.management.subnet, systemOther.management.subnet);
    const thief = { ...one, stateDirectory: `${one.stateDirectory}-2` };
    await assert.rejects(up(thief), { code: 'ALREADY_EXISTS', message: new RegExp(one.stateDirectory) });
    await assert.rejects(down(thief), { code: 'ALREADY_EXISTS' });
    await assert.rejects(up({ ...other, name: 'another' }), { code: 'ALREADY_EXISTS' });
    assert.equal(await isThere(thief.stateDirectory), false);

    await down(one);
    assert.equal((await status(one)).state, 'absent');
    assert.equal((await status(other)).state, 'healthy');
    assert.deepEqual([...(await answeringReplicas(systemOther))].sort(), ['host-1', 'host-2']);

    const routed = { ...one, subnet: systemOther.management.subnet };
    await assert.rejects(up(routed), { code: 'ALREADY_EXISTS', message: /already routed/ });
  });
});

async function freeze(cgroup: string): Promise<void> {
  const files: [string, string][] = [
    [`/sys/fs/cgroup/freezer/${cgroup}/freezer.state`, 'FROZEN'],
    [`/sys/fs/cgroup/unified/${cgroup}/cgroup.freeze`, '1'],
    [`/sys/fs/cgroup/${cgroup}/cgroup.freeze`, '1'],
  ];
  const written = files.map(async ([path, value]) => await writeFile(path, value, { flag: 'r+' }));
  const results = await Promise.allSettled(written);
  assert.ok(
    results.some((result) => result.status === 'fulfilled'),
    'a freezer took it',
  );
}
