import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../command/run.ts';
import { makeInjectors } from '../../injectors/registry.ts';
import { injectionOn, skip, TestContainer, TestNetwork } from './injector-bed.ts';
import { exchange, lostOf, type Flow } from './injector-packets.ts';

const target = '10.77.0.2';
const beside = '10.77.1.2';

function linkSaturate(): NonNullable<ReturnType<ReturnType<typeof makeInjectors>['get']>> {
  const injector = makeInjectors().get('link-saturate');
  assert.ok(injector);
  return injector;
}

/** The longest that a packet of a flow was under way. */
function slowestOf(flows: ReadonlyMap<string, Flow>, address: string): number {
  const flow = flows.get(address);
  assert.ok(flow);
  assert.deepEqual(lostOf(flow), []);
  return Math.max(...[...flow.sentUs].map(([number, atUs]) => (flow.receivedUs.get(number) ?? 0) - atUs));
}

// A packet of the test is 74 bytes on the link, so 64 kbit/s let 108 of them pass in a second.
const narrow = { rate: '64kbit/s', burst: '1600B', latency: '5s' };

describe('link-saturate', { skip }, () => {
  test('packets wait in one interface, none is lost, and those of its neighbour do not wait', async (context) => {
    const network = await TestNetwork.make(context);
    const injector = linkSaturate();
    const before = await network.queues();
    const injection = injectionOn(await network.nic(), { parameters: narrow });
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), { holds: true });
    const outward = { from: network.victim, to: network.peer, addresses: [target, beside] };
    const flows = await exchange({ ...outward, count: 200, perMs: 1 });
    // Of 200 packets in 200 ms the bucket holds 21; 22 more fit into that time, and each of the others waits 9 ms longer than the one before.
    const [slowed, free] = [slowestOf(flows, target), slowestOf(flows, beside)];
    assert.ok(slowed > 1_000_000 && slowed < 3_000_000, `the slowest took ${slowed} us`);
    assert.ok(free < 500_000, `beside it the slowest took ${free} us`);
    const effects = await injector.revert(injection, memory);
    assert.ok(effects.count !== 'unknown' && effects.count > 0);
    assert.ok(effects.firstUs !== undefined && effects.lastUs !== undefined);
    assert.ok(effects.lastUs - effects.firstUs > 500_000);
    assert.equal(effects.dose?.asked, 64_000);
    const { achieved } = effects.dose;
    assert.ok(achieved > 60_000 && achieved < 68_000, `${achieved} bit/s were reached`);
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
    assert.ok(slowestOf(await exchange({ ...outward, count: 100, perMs: 1 }), target) < 500_000);
    assert.equal((await injector.revert(injection, memory)).count, 0);
  });

  test('what still waits when it is reverted arrives, in its order', async (context) => {
    const network = await TestNetwork.make(context);
    const injector = linkSaturate();
    const injection = injectionOn(await network.nic(), { parameters: narrow });
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    const outward = { from: network.victim, to: network.peer, addresses: [target] };
    const flows = await exchange({ ...outward, count: 200, perMs: 1 }, async () => {
      await sleep(400);
      await injector.revert(injection, memory);
    });
    const flow = flows.get(target);
    assert.ok(flow);
    assert.deepEqual(lostOf(flow), []);
    const arrived = [...flow.receivedUs.keys()];
    assert.deepEqual(
      arrived,
      arrived.toSorted((one, other) => one - other),
    );
    assert.ok(slowestOf(flows, target) < 1_000_000, 'it did not wait for the narrow link');
  });

  test('ends by itself in the kernel, with nobody there to revert it', async (context) => {
    const network = await TestNetwork.make(context);
    const injector = linkSaturate();
    const injection = injectionOn(await network.nic(), { parameters: narrow, durationUs: 300_000 });
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    await sleep(350);
    const outward = { from: network.victim, to: network.peer, addresses: [target] };
    assert.ok(slowestOf(await exchange({ ...outward, count: 100, perMs: 1 }), target) < 500_000);
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
