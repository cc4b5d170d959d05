import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readlink, writeFile } from 'node:fs/promises';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import { youngestOf } from '../../injectors/hog/removal.ts';
import type { Injection, Injector } from '../../injectors/injector.ts';
import { makeInjectors } from '../../injectors/registry.ts';
import { until } from '../until.ts';
import { injectionOn, onThisHost, skip, TestContainer } from './injector-bed.ts';
import { keepOnOneCpu, usedUs } from './one-cpu.ts';

function cpuBurn(): Injector {
  const injector = makeInjectors().get('cpu-burn');
  assert.ok(injector);
  return injector;
}

/** A container with a process that computes on the CPU of all. */
async function computing(context: TestContext): Promise<{ container: TestContainer; pid: number }> {
  const container = await TestContainer.make(context);
  const pid = await container.spin();
  await keepOnOneCpu([pid]);
  return { container, pid };
}

async function processesOf(container: TestContainer): Promise<number[]> {
  const text = await readFile(await container.file('cgroup.procs'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

async function burnersOf(injector: Injector, injection: Injection): Promise<number[]> {
  const handles = await injector.handles([injection.target]);
  return handles.flatMap((handle) =>
    handle.includes(`:${injection.id})`) ? [Number(/^process (\d+) /.exec(handle)?.[1])] : [],
  );
}

describe('cpu-burn', { skip }, () => {
  test('takes the container its CPU and the neighbour nothing, and says how much it took', async (context) => {
    const victim = await computing(context);
    const neighbour = await computing(context);
    const injector = cpuBurn();
    const injection = injectionOn(await victim.container.target(), { parameters: { burners: 4 } });
    const memory = await injector.capture(injection);
    const beforeUs = monotonicUs();
    await injector.apply(injection, memory);
    const burntSinceUs = monotonicUs();
    const burners = await youngestOf(await burnersOf(injector, injection));
    assert.equal(burners.length, 4);
    await keepOnOneCpu(burners);
    const [victimBefore, besideBefore] = [await usedUs([victim.pid]), await usedUs([neighbour.pid])];
    const burntBefore = await usedUs(burners);
    await until('the burners have computed', async () => (await usedUs(burners)) > burntBefore + 500_000);
    const beside = (await usedUs([neighbour.pid])) - besideBefore;
    const own = (await usedUs([victim.pid])) - victimBefore;
    const burnt = (await usedUs(burners)) - burntBefore;
    const burntUntilUs = monotonicUs();
    const {
      count,
      dose,
      remark,
      firstUs = 0,
      lastUs = 0,
      offUs = 0,
    } = await injector.revert(injection, memory);
    // Five share what the kernel gives the one container, and one has what it gives the other.
    assert.ok(own < burnt / 2, `the victim computed for ${own} us, the burners for ${burnt} us`);
    assert.ok(own < beside / 2, `the victim computed for ${own} us, the neighbour for ${beside} us`);
    assert.ok(dose !== undefined && dose.unit === 'CPUs');
    assert.ok(typeof count === 'number' && count >= Math.floor((burntBefore + burnt) / 1000));
    assert.ok(dose.achieved * (offUs - beforeUs) >= burnt, `it says ${dose.achieved} CPUs`);
    assert.ok(dose.achieved * (burntUntilUs - burntSinceUs) <= count * 1000 + 1000);
    assert.equal(remark, undefined);
    assert.ok(beforeUs < firstUs && firstUs < lastUs && lastUs <= offUs);
    assert.deepEqual(
      await processesOf(victim.container),
      [victim.pid],
      'neither processes nor their remains',
    );
  });

  test('uses no more than the load that was asked for', async (context) => {
    const container = await TestContainer.make(context);
    await container.start(['sleep', '600']);
    const injector = cpuBurn();
    const parameters = { burners: 2, load: '10%' };
    const injection = injectionOn(await container.target(), { parameters });
    const memory = await injector.capture(injection);
    const beforeUs = monotonicUs();
    await injector.apply(injection, memory);
    await until('they burn', async () => Number((await injector.effects(injection, memory)).count) >= 150);
    const { count, dose, offUs = 0 } = await injector.revert(injection, memory);
    assert.ok(dose !== undefined && dose.asked === 0.2 && dose.achieved > 0);
    // Each looks at its time between two pieces of work, and its parent forks it.
    const mostMs = ((offUs - beforeUs) / 1000) * 0.2 + 50;
    assert.ok(typeof count === 'number' && count <= mostMs, `they used ${count} ms of ${mostMs}`);
  });

  test('says that the pids limit of the container left room for fewer', async (context) => {
    const container = await TestContainer.make(context);
    await container.start(['sleep', '600']);
    await writeFile(await container.file('pids.max'), '6');
    const injector = cpuBurn();
    const injection = injectionOn(await container.target(), { parameters: { burners: 20 } });
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), { holds: true });
    const { remark } = await injector.revert(injection, memory);
    assert.match(remark ?? '', /only [1-4] of 20 burners could be forked/);
  });

  test('says that a burner was killed', async (context) => {
    const container = await TestContainer.make(context);
    await container.start(['sleep', '600']);
    const injector = cpuBurn();
    const injection = injectionOn(await container.target(), { parameters: { burners: 2 } });
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    const youngest = Math.max(...(await burnersOf(injector, injection)));
    process.kill(youngest, 'SIGKILL');
    await until('it is known', async () => (await injector.effects(injection, memory)).remark !== undefined);
    const { remark } = await injector.revert(injection, memory);
    assert.match(remark ?? '', /1 of 2 burners were killed/);
  });

  test('burns in the namespaces of the container, and leaves its init no dead to bury', async (context) => {
    const container = await TestContainer.make(context);
    await container.start(['unshare', '--pid', '--net', '--fork', 'sleep', '600']);
    while ((await processesOf(container)).length < 2) await sleep(2);
    const before = await processesOf(container);
    const init = Math.max(...before);
    const injector = cpuBurn();
    const injection = injectionOn(await container.target(), { parameters: { burners: 2 } });
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    const burners = (await burnersOf(injector, injection)).toSorted((one, other) => one - other).slice(-2);
    for (const burner of burners) {
      for (const namespace of ['net', 'pid']) {
        const [own, its] = [`/proc/${init}/ns/${namespace}`, `/proc/${burner}/ns/${namespace}`];
        assert.equal(await readlink(its), await readlink(own));
      }
    }
    await injector.revert(injection, memory);
    assert.deepEqual(await processesOf(container), before);
  });

  test('ends by itself when the agent is killed', async (context) => {
    const container = await TestContainer.make(context);
    await container.start(['sleep', '600']);
    const before = await processesOf(container);
    const injection = injectionOn(await container.target(), { parameters: { burners: 2 } });
    const memory = await cpuBurn().capture(injection);
    const script = new URL('./injecting-process.ts', import.meta.url).pathname;
    const given = JSON.stringify({ mechanism: 'cpu-burn', injection, memory });
    const agent = spawn(process.execPath, ['--import', 'tsx', script, given], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(agent.stdout, 'data');
    assert.ok((await burnersOf(cpuBurn(), injection)).length >= 2);
    const ended = once(agent, 'exit');
    agent.kill('SIGKILL');
    await ended;
    while ((await processesOf(container)).length > before.length) await sleep(5);
    assert.deepEqual((await cpuBurn().revert(injection, memory)).count, 'unknown');
  });

  test('on the host, burns at the top of every hierarchy, and is found by its handle', async () => {
    const injector = cpuBurn();
    const target = { kind: 'host', ...(await onThisHost()) } as const;
    const parameters = { burners: 1, load: '5%', nice: 19 };
    const injection = injectionOn(target, { parameters });
    const memory = await injector.capture(injection);
    await injector.apply(injection, memory);
    const burner = Math.max(...(await burnersOf(cpuBurn(), injection)));
    const cgroups = (await readFile(`/proc/${burner}/cgroup`, 'utf8')).trim().split('\n');
    assert.deepEqual(
      cgroups.filter((line) => !line.endsWith(':/')),
      [],
    );
    await until('it burns', async () => Number((await injector.effects(injection, memory)).count) > 0);
    await injector.revert(injection, memory);
    assert.deepEqual(await burnersOf(cpuBurn(), injection), []);
  });
});
