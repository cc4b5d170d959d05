import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connect, type NatsConnection } from 'nats';
import { Bus } from '../../events/bus.ts';
import { inboxOf } from '../../events/rights.ts';
import { issueCertificate, type Role } from '../../service/certificates.ts';
import { tlsFiles } from '../../service/credentials.ts';
import { setup, type NatsServer } from './nats-server.ts';
import { silent } from './silent.ts';

describe('rights on NATS', () => {
  let server: NatsServer;
  let everything: NatsConnection;
  const clients: NatsConnection[] = [];

  before(async () => {
    server = await setup(['node-1', 'node-2']);
    const bus = await Bus.connect({ servers: server.servers, tls: server.tls, name: 'test', log: silent });
    await bus.ensureStreams();
    await (await bus.store('ordeal_controller')).put('campaign.c1', { state: 'running' }, 0);
    await bus.close();
    everything = await client('test', 'controller');
  });
  after(async () => {
    for (const one of clients) await one.close();
    await server.cleanup();
  });

  async function client(name: string, role: Role): Promise<NatsConnection> {
    await issueCertificate(server.certificates, { name, role, addresses: [] });
    const { ca, cert, key } = tlsFiles(server.certificates, name);
    const made = await connect({
      servers: server.servers,
      tls: { caFile: ca, certFile: cert, keyFile: key },
      inboxPrefix: inboxOf(name),
      reconnect: false,
    });
    clients.push(made);
    return made;
  }

  const agent = async (): Promise<NatsConnection> => await client('agent-node-1', 'agent');

  async function refused(work: Promise<unknown>): Promise<void> {
    await assert.rejects(work, /Permissions Violation|503|no responders/i);
  }

  async function stored(): Promise<number> {
    const manager = await everything.jetstreamManager();
    return (await manager.streams.info('ORDEAL_EVENTS')).state.messages;
  }

  test('an agent publishes events and samples of its own host', async () => {
    const js = (await agent()).jetstream();
    assert.equal((await js.publish('ordeal.events.c1.t1.node-1', 'x')).stream, 'ORDEAL_EVENTS');
    assert.equal((await js.publish('ordeal.samples.c1.t1.node-1', 'x')).stream, 'ORDEAL_SAMPLES');
  });

  for (const speaker of ['node-2', 'metrics', 'controller']) {
    test(`an agent is refused when it publishes as ${speaker}`, async () => {
      const js = (await agent()).jetstream();
      await refused(js.publish(`ordeal.events.c1.t1.${speaker}`, 'x'));
      await refused(js.publish(`ordeal.samples.c1.t1.${speaker}`, 'x'));
    });
  }

  test('an agent cannot read or write the state, nor ask JetStream anything', async () => {
    const made = await agent();
    await refused(made.request('$JS.API.INFO', ''));
    await refused(made.request('$JS.API.STREAM.MSG.GET.KV_ordeal_controller', '{"seq":1}'));
    await refused(made.request('$JS.API.DIRECT.GET.KV_ordeal_controller', '{"seq":1}'));
    await refused(made.jetstream().publish('$KV.ordeal_controller.campaign.c1', '{}'));
  });

  for (const subject of ['>', 'ordeal.events.>', '_INBOX.>', '$KV.>', '_INBOX.controller.>']) {
    test(`an agent cannot listen to ${subject}`, async () => {
      const made = await agent();
      const closed = new Promise<Error | undefined>((resolve) => {
        made.subscribe(subject, { callback: (error) => resolve(error ?? undefined) });
      });
      await made.flush();
      assert.match((await closed)?.message ?? '', /Permissions Violation/);
    });
  }

  test('an agent cannot have JetStream acknowledge to where that would change a stream', async () => {
    const made = await agent();
    const before = await stored();
    for (const reply of ['$JS.API.STREAM.PURGE.ORDEAL_EVENTS', 'ordeal.events.c1.t1.metrics']) {
      made.publish('ordeal.events.c1.t1.node-1', 'x', { reply });
    }
    await made.jetstream().publish('ordeal.events.c1.t1.node-1', 'x');
    assert.equal(await stored(), before + 3);
    const manager = await everything.jetstreamManager();
    const { subjects } = (await manager.streams.info('ORDEAL_EVENTS', { subjects_filter: 'ordeal.events.>' }))
      .state;
    assert.deepEqual(Object.keys(subjects ?? {}), ['ordeal.events.c1.t1.node-1']);
  });

  test('the metrics service reads the streams, but neither speaks for others nor knows the state', async () => {
    const made = await client('metrics', 'metrics');
    const js = made.jetstream();
    await js.publish('ordeal.events.c1.t1.metrics', 'x');
    await refused(js.publish('ordeal.events.c1.t1.controller', 'x'));
    await refused(js.publish('ordeal.samples.c1.t1.node-1', 'x'));
    await refused(js.publish('$KV.ordeal_controller.campaign.c1', '{}'));
    await refused(made.request('$JS.API.STREAM.MSG.GET.KV_ordeal_controller', '{"seq":1}'));
    await refused(made.request('$JS.API.STREAM.DELETE.ORDEAL_EVENTS', ''));
  });

  test('the controller keeps its state, but speaks for no agent and deletes no stream', async () => {
    const made = await client('controller', 'controller');
    await made.jetstream().publish('$KV.ordeal_controller.campaign.c2', '{}');
    await refused(made.jetstream().publish('ordeal.events.c1.t1.node-1', 'x'));
    await refused(made.request('$JS.API.STREAM.PURGE.ORDEAL_EVENTS', ''));
    await refused(made.request('$JS.API.STREAM.DELETE.KV_ordeal_controller', ''));
  });

  test("the bus of the controller's certificate keeps state and reads events", async () => {
    const tls = tlsFiles(server.certificates, 'controller');
    const bus = await Bus.connect({
      servers: server.servers,
      tls,
      name: 'controller',
      log: silent,
    });
    try {
      await bus.ensureStreams();
      const store = await bus.store('ordeal_controller');
      const revision = await store.put('trial.c1.t1', { attempt: 1 }, 0);
      const keys: string[] = [];
      for await (const { key } of store.entries('trial.')) keys.push(key);
      assert.deepEqual(keys, ['trial.c1.t1']);
      assert.ok(revision !== undefined && (await store.delete('trial.c1.t1', revision)));
      assert.equal(await store.get('trial.c1.t1'), undefined);
    } finally {
      await bus.close();
    }
  });

  for (const [name, role] of [
    ['operator', 'operator'],
    ['agent-node-3', 'agent'],
    ['controller-2', 'agent'],
  ] as const) {
    test(`the certificate ${name} of the role ${role} has no user, so it is refused`, async () => {
      await assert.rejects(client(name, role), /Authorization/i);
    });
  }
});
