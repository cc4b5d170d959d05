import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import { test } from 'node:test';
import { monotonicUs } from '../../clock/monotonic.ts';
import { ControllerBed } from './controller-bed.ts';

test('a beat is answered with the clock of the controller and a lease', async (context) => {
  const bed = await ControllerBed.make(context);
  await bed.startController();
  const [agent] = await bed.joined('host-1');
  assert.ok(agent);
  await bed.until(() => agent.beats.some(({ leaseUs }) => leaseUs > 0), 'a lease is given');
  const beat = agent.beats.at(-1);
  assert.ok(beat);
  assert.equal(beat.leaseUs, 3_000_000);
  assert.ok(beat.sentUs <= beat.controllerUs && beat.controllerUs <= monotonicUs(), 'here it is one clock');
});

test('the newer session of a host takes the place of the older', async (context) => {
  const bed = await ControllerBed.make(context);
  await bed.startController();
  const older = await bed.agent('host-1');
  const newer = await bed.agent('host-1');
  const replaced = older.session();
  await bed.until(() => older.beats.length > 0, 'the older one is answered');
  newer.start();
  await replaced;
  assert.equal(older.endedBecause, 'ended by the controller');
  await bed.until(() => newer.beats.length > 3, 'the newer one is answered');
  const { hosts } = await bed.control.listHosts({});
  assert.deepEqual(
    hosts.map(({ name, connected }) => [name, connected]),
    [['host-1', true]],
  );
});

test('a session under another host’s certificate is refused', async (context) => {
  const bed = await ControllerBed.make(context);
  await bed.startController();
  const impostor = await bed.agent('host-1', 'agent-host-2');
  await impostor.session();
  assert.equal(impostor.endedCode, status.PERMISSION_DENIED);
  assert.match(impostor.endedBecause ?? '', /names "agent-host-2".*needs one that names "agent-host-1"/);
  assert.deepEqual((await bed.control.listHosts({})).hosts, []);
});

for (const host of ['controller', 'metrics']) {
  test(`a host that calls itself ${host}, and so would speak in its name, is refused`, async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    const impostor = await bed.agent(host);
    await impostor.session();
    assert.equal(impostor.endedCode, status.INVALID_ARGUMENT);
    assert.match(impostor.endedBecause ?? '', /cannot be the name of a host: none of controller, metrics/);
  });
}

test('a host whose beats have stopped is not connected, though its session is open', async (context) => {
  const bed = await ControllerBed.make(context);
  await bed.startController();
  const [agent] = await bed.joined('host-1');
  assert.ok(agent);
  agent.silent = true;
  await bed.until(async () => (await bed.control.listHosts({})).hosts[0]?.connected === false, 'it is away');
  assert.equal(agent.endedBecause, undefined);
});

test('a fault by hand on a host that is away is refused with that it is out of reach, not that there is none', async (context) => {
  const bed = await ControllerBed.make(context);
  await bed.startController();
  const [agent] = await bed.joined('host-1', 'host-2');
  assert.ok(agent);
  agent.silent = true;
  await bed.until(async () => (await bed.control.listHosts({})).hosts[0]?.connected === false, 'it is away');
  await assert.rejects(
    bed.control.inject({
      requestId: 'one',
      cell: 'virtual.cpu.unavailability',
      host: 'host-1',
      kind: 'container',
      name: 'web',
      durationUs: 4_000_000,
      mode: { permanent: true },
    }),
    { code: 'NO_TARGET', message: /"host-1" is out of reach/, remedy: /ordeal lab up/ },
  );
});

test('a status of a task that nobody ordered is accepted', async (context) => {
  const bed = await ControllerBed.make(context);
  await bed.startController();
  const [agent] = await bed.joined('host-1');
  assert.ok(agent);
  agent.say({ id: 'from-another-life', state: 'ENDED' });
  await bed.until(() => agent.acknowledged.includes('from-another-life'), 'it is acknowledged');
});

test('a host that comes back is told the whole of what it shall do, and an injection goes on', async (context) => {
  const bed = await ControllerBed.make(context);
  await bed.startController();
  const [agent] = await bed.joined('host-1');
  assert.ok(agent);
  const { injections } = await bed.control.inject({
    requestId: 'one',
    cell: 'virtual.cpu.unavailability',
    mechanism: 'cgroup-freeze',
    host: 'host-1',
    kind: 'container',
    name: 'web',
    durationUs: 4_000_000,
    mode: { permanent: true },
  });
  assert.deepEqual(
    injections.map(({ state }) => state),
    ['active'],
  );
  const before = agent.sets.length;
  agent.cut();
  await bed.until(() => agent.sets.length > before, 'a set is sent on connect');
  assert.deepEqual(
    agent.sets[before]?.map(({ id, end }) => [id, end]),
    [[injections[0]?.id, false]],
  );
  await bed.until(async () => (await bed.control.listInjections({})).injections.length === 0, 'it is over');
  const states = agent.history.map(({ state }) => state);
  assert.deepEqual(states, ['STAGED', 'ACTIVE', 'ENDED']);
});
