import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs, sleepUntil } from '../../clock/monotonic.ts';
import { run } from '../../command/run.ts';
import type { Injection } from '../../injectors/injector.ts';
import { runInNamespace } from '../../injectors/network-namespace.ts';
import { makeInjectors } from '../../injectors/registry.ts';
import { injectionOn, onThisHost, skip, TestContainer, TestNetwork } from './injector-bed.ts';
import { exchange, lostOf, type Flow } from './injector-packets.ts';

const target = '10.77.0.1';
const beside = '10.77.1.1';

function nftDrop(): NonNullable<ReturnType<ReturnType<typeof makeInjectors>['get']>> {
  const injector = makeInjectors().get('nft-drop');
  assert.ok(injector);
  return injector;
}

function flowOf(flows: ReadonlyMap<string, Flow>, address: string): Flow {
  const flow = flows.get(address);
  assert.ok(flow);
  return flow;
}

/** Sends packets to both interfaces under one injection, and answers which were lost on each, and what the injector says. */
async function lossUnder(
  network: TestNetwork,
  injection: Injection,
  count: number,
): Promise<{
  lost: number[];
  lostBeside: number[];
  effects: Awaited<ReturnType<ReturnType<typeof nftDrop>['revert']>>;
}> {
  const injector = nftDrop();
  const memory = await injector.capture(injection);
  await injector.apply(injection, memory);
  const to = { from: network.peer, to: network.victim, addresses: [target, beside] };
  const flows = await exchange({ ...to, count, perMs: 10 });
  const effects = await injector.revert(injection, memory);
  return { lost: lostOf(flowOf(flows, target)), lostBeside: lostOf(flowOf(flows, beside)), effects };
}

describe('nft-drop', { skip }, () => {
  test('drops all that one interface receives, counts each, and nothing of its neighbour', async (context) => {
    const network = await TestNetwork.make(context);
    const injection = injectionOn(await network.nic(), { parameters: { direction: 'in' } });
    const { lost, lostBeside, effects } = await lossUnder(network, injection, 300);
    assert.equal(lost.length, 300);
    assert.deepEqual(lostBeside, []);
    assert.equal(effects.count, 300);
    assert.deepEqual(effects.dose, { unit: 'share of packets', asked: 1, achieved: 1 });
  });

  test('drops only the direction that was asked for', async (context) => {
    const network = await TestNetwork.make(context);
    const injector = nftDrop();
    const injection = injectionOn(await network.nic(), { parameters: { direction: 'out' } });
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    const inward = { from: network.peer, to: network.victim, addresses: [target] };
    const outward = { from: network.victim, to: network.peer, addresses: ['10.77.0.2', '10.77.1.2'] };
    const received = await exchange({ ...inward, count: 50, perMs: 10 });
    const sent = await exchange({ ...outward, count: 50, perMs: 10 });
    assert.deepEqual(lostOf(flowOf(received, target)), []);
    assert.equal(lostOf(flowOf(sent, '10.77.0.2')).length, 50);
    assert.deepEqual(lostOf(flowOf(sent, '10.77.1.2')), []);
    assert.equal((await injector.revert(injection, memory)).count, 50);
  });

  for (const [what, filter] of [
    ['the port', { ports: ['7777'] }],
    ['the protocol and the address', { protocol: 'udp', addresses: ['10.77.0.0/24'] }],
  ] as const) {
    test(`drops what ${what} matches, and lets everything else of the interface pass`, async (context) => {
      const network = await TestNetwork.make(context);
      const nic = await network.nic();
      const matching = injectionOn(nic, { parameters: { direction: 'in', ...filter } });
      const dropped = await lossUnder(network, matching, 50);
      assert.equal(dropped.lost.length, 50);
      assert.deepEqual(dropped.lostBeside, []);
      assert.equal(dropped.effects.count, 50);
    });
  }

  for (const [what, filter] of [
    ['another port', { ports: ['53', '7778-7780'] }],
    ['another protocol', { protocol: 'tcp' }],
    ['another address', { ports: ['7777'], addresses: ['10.78.0.0/16', 'fd00::/8'] }],
  ] as const) {
    test(`what is of ${what} than the filter's passes, and is not counted as seen`, async (context) => {
      const network = await TestNetwork.make(context);
      const parameters = { direction: 'in', ...filter };
      const { lost, effects } = await lossUnder(
        network,
        injectionOn(await network.nic(), { parameters }),
        50,
      );
      assert.deepEqual(lost, []);
      assert.equal(effects.count, 0);
      assert.equal(effects.dose, undefined);
    });
  }

  test('drops the same packets of a sequence for the same seed, others for another, and the share asked for', async (context) => {
    const network = await TestNetwork.make(context);
    const nic = await network.nic();
    const asked = { mode: { kind: 'probabilistic', share: 0.3 }, parameters: { direction: 'in' } } as const;
    const first = await lossUnder(network, injectionOn(nic, { ...asked, seed: 1 }), 1000);
    const again = await lossUnder(network, injectionOn(nic, { ...asked, seed: 1 }), 1000);
    const other = await lossUnder(network, injectionOn(nic, { ...asked, seed: 2 }), 1000);
    assert.deepEqual(again.lost, first.lost);
    assert.notDeepEqual(other.lost, first.lost);
    for (const { lost, lostBeside, effects } of [first, again, other]) {
      // A thousand packets are one whole turn of the slots, so the share is met exactly.
      assert.equal(lost.length, 300);
      assert.equal(effects.count, 300);
      assert.deepEqual(effects.dose, { unit: 'share of packets', asked: 0.3, achieved: 0.3 });
      assert.deepEqual(lostBeside, []);
    }
  });

  test('drops one in n, and with the share 0 none', async (context) => {
    const network = await TestNetwork.make(context);
    const nic = await network.nic();
    const inward = { parameters: { direction: 'in' } };
    const oneIn = await lossUnder(
      network,
      injectionOn(nic, { ...inward, mode: { kind: 'oneIn', n: 7 } }),
      210,
    );
    const [begin = -1] = oneIn.lost;
    assert.ok(begin >= 0 && begin < 7);
    assert.deepEqual(
      oneIn.lost,
      Array.from({ length: 30 }, (_, index) => begin + 7 * index),
    );

    const none = await lossUnder(
      network,
      injectionOn(nic, { ...inward, mode: { kind: 'probabilistic', share: 0 } }),
      100,
    );
    assert.deepEqual(none.lost, []);
    assert.equal(none.effects.count, 0);
    assert.equal(none.effects.firstUs, undefined);
  });

  test('ends by itself in the kernel, with nobody there to revert it, and tells when it began and ended', async (context) => {
    const network = await TestNetwork.make(context);
    const durationUs = 600_000;
    const injection = injectionOn(await network.nic(), { durationUs, parameters: { direction: 'in' } });
    const injector = nftDrop();
    const memory = await injector.capture(injection);
    let beforeUs = 0;
    let appliedUs = 0;
    const to = { from: network.peer, to: network.victim, addresses: [target] };
    const flows = await exchange({ ...to, perMs: 1 }, async () => {
      await sleep(200);
      beforeUs = monotonicUs();
      await injector.apply(injection, memory);
      appliedUs = monotonicUs();
      await sleepUntil(appliedUs + durationUs + 200_000);
    });
    const { sentUs, receivedUs } = flowOf(flows, target);
    const lost = lostOf({ sentUs, receivedUs });
    const firstLostUs = sentUs.get(lost[0] ?? -1);
    const lastLostUs = sentUs.get(lost.at(-1) ?? -1);
    const resumedUs = receivedUs.get((lost.at(-1) ?? -1) + 1);
    assert.ok(firstLostUs !== undefined && lastLostUs !== undefined && resumedUs !== undefined);
    // A timeout runs by ticks of the kernel, which are 10 ms at the longest.
    assert.ok(
      resumedUs >= beforeUs + durationUs - 10_000,
      `ended ${beforeUs + durationUs - resumedUs} us early`,
    );
    assert.ok(
      lastLostUs <= appliedUs + durationUs + 10_000,
      `ended ${lastLostUs - appliedUs - durationUs} us late`,
    );
    assert.equal(lost.length, 1 + (lost.at(-1) ?? 0) - (lost[0] ?? 0), 'one stretch, without a gap');

    assert.deepEqual(await nftDrop().verify(injection, memory, 'applied'), {
      holds: false,
      found: 'the time of the fault is over',
    });
    const readSinceUs = monotonicUs();
    const effects = await nftDrop().revert(injection, memory);
    assert.equal(effects.count, lost.length);
    // The kernel says how long ago it was, as of some instant of the reading, in its ticks.
    const unsureUs = monotonicUs() - readSinceUs + 20_000;
    const stamped = [effects.firstUs, effects.lastUs].map((us) => us ?? 0);
    for (const [index, number] of [lost[0] ?? 0, lost.at(-1) ?? 0].entries()) {
      const [us = 0, earliestUs = 0, latestUs = 0] = [
        stamped[index],
        sentUs.get(number),
        sentUs.get(number + 1),
      ];
      assert.ok(us >= earliestUs - unsureUs, `${earliestUs - us} us early, ${unsureUs} at the most`);
      assert.ok(us <= latestUs + unsureUs, `${us - latestUs} us late, ${unsureUs} at the most`);
    }
    assert.equal(await network.ruleset(), '');
  });

  test('takes the only interface of a container, and the named one where there are several', async (context) => {
    const network = await TestNetwork.make(context);
    const container = await TestContainer.make(context);
    const own = await container.target({ netns: await network.inode() });
    const injector = nftDrop();
    await assert.rejects(injector.capture(injectionOn(own)), {
      code: 'NO_TARGET',
      message: /not exactly one interface .* it has: .*target0/,
    });
    const named = await injector.capture(injectionOn(own, { parameters: { interface: 'beside0' } }));
    assert.equal(named['device'], 'beside0');
    await run('ip', ['-netns', network.victim, 'link', 'delete', 'beside0']);
    assert.equal((await injector.capture(injectionOn(own)))['device'], 'target0');
    await assert.rejects(injector.capture(injectionOn(await container.target())), {
      code: 'NO_TARGET',
      message: /no network of its own/,
    });
    const host = { kind: 'host', ...(await onThisHost()) } as const;
    await assert.rejects(injector.capture(injectionOn(host)), { code: 'INVALID_INPUT' });
  });

  test('is not applied to a later interface of the same name, and leaves other tables alone', async (context) => {
    const network = await TestNetwork.make(context);
    const injector = nftDrop();
    const foreign =
      'table netdev foreign {\nchain c {\ntype filter hook ingress device "target0" priority 0;\n}\n}\n';
    await run('nsenter', [`--net=/run/netns/${network.victim}`, 'nft', '-f', '-'], { input: foreign });
    const before = await network.ruleset();
    const injection = injectionOn(await network.nic());
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    await run('ip', ['-netns', network.victim, 'link', 'delete', 'target0']);
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), {
      holds: false,
      found: 'the interface target0 is gone',
    });
    await network.join('target0');
    const to = { from: network.peer, to: network.victim, addresses: [target] };
    assert.deepEqual(lostOf(flowOf(await exchange({ ...to, count: 50, perMs: 10 }), target)), []);
    await injector.revert(injection, memory);
    assert.match(before, /foreign/);
    assert.match(await network.ruleset(), /^table netdev foreign/);
    assert.doesNotMatch(await network.ruleset(), /ordeal_/);
    await assert.rejects(injector.apply(injection, memory), {
      code: 'APPLY_FAILED',
      message: /target0 is gone/,
    });
  });

  for (const [mode, message] of [
    [{ kind: 'probabilistic', share: 1.5 }, /not between 0 and 1/],
    [{ kind: 'probabilistic', share: 0.0001 }, /too fine/],
    [{ kind: 'oneIn', n: 0 }, /whole n/],
    [
      { kind: 'burst', onUs: 1000, offUs: 1000 },
      /mode "burst" is not one of nft-drop: permanent, probabilistic, oneIn/,
    ],
  ] as const) {
    test(`the mode ${JSON.stringify(mode)} is refused`, async (context) => {
      const network = await TestNetwork.make(context);
      await assert.rejects(nftDrop().capture(injectionOn(await network.nic(), { mode })), {
        code: 'INVALID_INPUT',
        message,
      });
    });
  }
});

describe('a network namespace that is not found', { skip }, () => {
  const nowhere = 7;

  test('is gone where the processes of the host are seen', async () => {
    assert.equal(await runInNamespace(nowhere, ['true']), undefined);
  });

  test('is unknown, and so not clean, where they are not', async () => {
    const url = new URL('../../injectors/network-namespace.ts', import.meta.url).href;
    const script = `import { runInNamespace } from '${url}';
      console.log(await runInNamespace(${nowhere}, ['true']).then(() => 'gone', (error) => error.message));`;
    const inside = ['--pid', '--fork', '--mount-proc', process.execPath];
    const said = await run('unshare', [...inside, '--import', 'tsx', '--input-type=module', '-e', script]);
    assert.match(said, /whether the network namespace 7 is gone is unknown/);
  });
});
