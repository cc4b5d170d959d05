import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import { run } from '../../command/run.ts';
import { makeInjectors } from '../../injectors/registry.ts';
import { until } from '../until.ts';
import { injectionOn, skip, TestContainer, TestNetwork } from './injector-bed.ts';
import { exchange, lostOf, type Flow } from './injector-packets.ts';

const target = '10.77.0.2';
const beside = '10.77.1.2';

function linkSaturate(): NonNullable<ReturnType<ReturnType<typeof makeInjectors>['get']>> {
  const injector = makeInjectors().get('link-saturate');
  assert.ok(injector);
  return injector;
}

function flowOf(flows: ReadonlyMap<string, Flow>, address: string): Flow {
  const flow = flows.get(address);
  assert.ok(flow);
  return flow;
}

const narrow = { rate: '64kbit/s', burst: '1600B', latency: '10s' };

/** A packet of the test is so long on the link: 32 bytes, and the headers of UDP, IP and Ethernet. */
const packetBytes = 74;

/** The packets that have arrived sooner than the narrow link lets so many pass; what waits elsewhere too comes only later. */
function tooSoon({ sentUs, receivedUs }: Flow): number[] {
  const begunUs = Math.min(...sentUs.values());
  return [...receivedUs].flatMap(([number, atUs]) => {
    const soonestUs = ((number * packetBytes - 1600) / 8000) * 1_000_000;
    return atUs - begunUs < soonestUs ? [number] : [];
  });
}

/** The lines of tc about one interface. */
function queuesOf(name: string, queues: string): string[] {
  return queues.split('\n').filter((line) => line.includes(` dev ${name} `));
}

/** How many packets wait in an interface. */
async function waitingIn({ victim }: TestNetwork, name: string): Promise<number> {
  const text = await run('tc', ['-netns', victim, '-statistics', 'qdisc', 'show', 'dev', name]);
  return Math.max(...[...text.matchAll(/ backlog \S+ (\d+)p /g)].map(([, packets]) => Number(packets)));
}

describe('link-saturate', { skip }, () => {
  test('packets wait in one interface, none is lost, and those of its neighbour do not wait', async (context) => {
    const network = await TestNetwork.make(context);
    const injector = linkSaturate();
    const before = await network.queues();
    const injection = injectionOn(await network.nic(), { parameters: narrow });
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), { holds: true });
    assert.deepEqual(queuesOf('beside0', await network.queues()), queuesOf('beside0', before));
    const outward = { from: network.victim, to: network.peer, addresses: [target, beside] };
    // The link takes 108 of them in a second, and holds 1080.
    const flows = await exchange({ ...outward, perMs: 0.15 }, async () => {
      await until('the rate of the link is reached', async () => {
        const { dose } = await injector.effects(injection, memory);
        return dose !== undefined && dose.achieved > 60_000 && dose.achieved < 68_000;
      });
    });
    for (const address of [target, beside]) assert.deepEqual(lostOf(flowOf(flows, address)), []);
    assert.deepEqual(tooSoon(flowOf(flows, target)), []);
    const { count, firstUs, lastUs, dose } = await injector.revert(injection, memory);
    assert.ok(count !== 'unknown' && count > 0);
    assert.ok(firstUs !== undefined && lastUs !== undefined && firstUs < lastUs);
    assert.equal(dose?.asked, 64_000);
    assert.equal(await network.queues(), before);
    assert.equal(await network.ruleset(), '');
  });

  test('nothing waits while the rate is not used up, and that is no effect', async (context) => {
    const network = await TestNetwork.make(context);
    const injector = linkSaturate();
    const injection = injectionOn(await network.nic(), { parameters: { rate: '1Gbit/s' } });
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    const outward = { from: network.victim, to: network.peer, addresses: [target] };
    await exchange({ ...outward, count: 20, perMs: 1 });
    const { count, firstUs, dose } = await injector.revert(injection, memory);
    assert.deepEqual([count, firstUs, dose], [0, undefined, undefined]);
  });

  test('only what the filter matches waits', async (context) => {
    const network = await TestNetwork.make(context);
    const injector = linkSaturate();
    const parameters = { ...narrow, ports: ['7778'] };
    const injection = injectionOn(await network.nic(), { parameters });
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    const outward = { from: network.victim, to: network.peer, addresses: [target] };
    const flows = await exchange({ ...outward, count: 100, perMs: 1 });
    assert.deepEqual(lostOf(flowOf(flows, target)), []);
    assert.equal((await injector.revert(injection, memory)).count, 0);
  });

  test('what still waits when it is reverted arrives, in its order', async (context) => {
    const network = await TestNetwork.make(context);
    const injector = linkSaturate();
    const before = await network.queues();
    const injection = injectionOn(await network.nic(), { parameters: narrow });
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    const outward = { from: network.victim, to: network.peer, addresses: [target] };
    let revertUs = 0;
    const flows = await exchange({ ...outward, perMs: 1 }, async () => {
      await until('many wait', async () => (await waitingIn(network, 'target0')) >= 50);
      revertUs = monotonicUs();
      await injector.revert(injection, memory);
      assert.equal(await network.queues(), before, 'what held them is gone');
    });
    const flow = flowOf(flows, target);
    // Later ones meet an interface whose queue the kernel exchanges, and which takes nothing for that moment.
    const waited = lostOf(flow).filter((number) => (flow.sentUs.get(number) ?? 0) < revertUs);
    assert.deepEqual(waited, []);
    const arrived = [...flow.receivedUs.keys()];
    assert.deepEqual(
      arrived,
      arrived.toSorted((one, other) => one - other),
    );
  });

  test('ends by itself in the kernel, with nobody there to revert it', async (context) => {
    const network = await TestNetwork.make(context);
    const injector = linkSaturate();
    const injection = injectionOn(await network.nic(), { parameters: narrow, durationUs: 300_000 });
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    await sleep(350);
    const outward = { from: network.victim, to: network.peer, addresses: [target] };
    const flows = await exchange({ ...outward, count: 100, perMs: 1 });
    assert.deepEqual(lostOf(flowOf(flows, target)), []);
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), {
      holds: false,
      found: 'the time of the fault is over',
    });
    assert.equal((await injector.revert(injection, memory)).count, 0);
  });

  test('what a container receives waits at the end that its host holds', async (context) => {
    const network = await TestNetwork.make(context);
    const container = await TestContainer.make(context);
    const own = await container.target({ netns: await network.inode() });
    const injector = linkSaturate();
    const inward = { parameters: { ...narrow, direction: 'in', interface: 'target0' } };
    await assert.rejects(injector.capture(injectionOn(own, inward)), {
      code: 'NO_TARGET',
      message: /other end of the interface target0 was not found among the host's own/,
    });
    await assert.rejects(
      injector.capture(injectionOn(await network.nic(), { parameters: { direction: 'in' } })),
      { code: 'INVALID_INPUT', message: /what a NIC receives/ },
    );
  });

  test("somebody's own queue is refused and left as it is, also where it came after the fault was prepared", async (context) => {
    const network = await TestNetwork.make(context);
    const injector = linkSaturate();
    const injection = injectionOn(await network.nic());
    const memory = await injector.capture(injection);
    await run('tc', ['-netns', network.victim, 'qdisc', 'add', 'dev', 'target0', 'root', 'pfifo']);
    const foreign = await network.queues();
    await assert.rejects(injector.capture(injectionOn(await network.nic())), {
      code: 'UNSUPPORTED',
      message: /not the kernel's own: pfifo/,
    });
    await assert.rejects(injector.apply(injection, memory), { code: 'APPLY_FAILED', message: /pfifo/ });
    await injector.revert(injection, memory);
    assert.equal(await network.queues(), foreign);
    assert.equal(await network.ruleset(), '');
  });

  test('a revert takes away what was laid by half, and all is over when the interface is gone', async (context) => {
    const network = await TestNetwork.make(context);
    const injector = linkSaturate();
    const injection = injectionOn(await network.nic(), { parameters: narrow });
    const memory = await injector.capture(injection);
    const before = await network.queues();
    await injector.apply(injection, memory);
    await injector.apply(injection, memory);
    const table = `ordeal-link-saturate_${injection.id}`;
    const nft = ['nft', 'delete', 'table', 'netdev', table];
    await run('nsenter', [`--net=/run/netns/${network.victim}`, ...nft]);
    await injector.revert(injection, memory);
    assert.equal(await network.queues(), before);
    await injector.revert(injection, memory);
    await injector.apply(injection, memory);
    await run('ip', ['-netns', network.victim, 'link', 'delete', 'target0']);
    await injector.revert(injection, memory);
    assert.equal(await network.ruleset(), '');
  });
});

for (const name of ['netem-delay', 'netem-corrupt']) {
  test(`${name} works, or says what this kernel lacks and what would bring it`, { skip }, async (context) => {
    const injector = makeInjectors().get(name);
    assert.ok(injector);
    const support = await injector.supported();
    if (!support.supported) {
      assert.match(support.reason, /qdisc kind is unknown/);
      assert.match(support.remedy, /sch_netem/);
      context.diagnostic(support.reason);
      return;
    }
    const network = await TestNetwork.make(context);
    const before = await network.queues();
    const injection = injectionOn(await network.nic(), { mode: { kind: 'oneIn', n: 4 } });
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), { holds: true });
    await exchange({
      from: network.victim,
      to: network.peer,
      addresses: [target, beside],
      count: 40,
      perMs: 1,
    });
    const { count, dose } = await injector.revert(injection, memory);
    assert.deepEqual([count, dose?.achieved], [10, 0.25]);
    assert.equal(await network.queues(), before);
  });
}
