import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { describe, test, type TestContext } from 'node:test';
import { z } from 'zod';
import { LiveInjections } from '../../agent/live-injections.ts';
import type { Effects, Injection, Injector, Memory } from '../../injectors/injector.ts';
import { makeInjectors } from '../../injectors/registry.ts';
import { injectionOn, skip, TestContainer, TestNetwork } from './injector-bed.ts';
import { TestFilesystem } from './test-filesystem.ts';

/** A target that a mechanism can act on, and how to look at it and to lose it. */
interface Bed {
  readonly injection: Injection;
  /** The kernel's state that the fault could change; for a one-shot only what is not the consequence. */
  state(): Promise<string>;
  removeTarget(): Promise<void>;
}

const parametersOf: Readonly<Record<string, unknown>> = {
  'cpu-quota': { share: '25%' },
  'cpu-burn': { burners: 2 },
};

/** On devices of device mapper, on all of a machine, or on a virtual one, which the lab alone is sure to have to spare: test/kernel has their tests. */
const provedInTheLab = [
  ...['dm-delay', 'dm-error', 'dm-flakey'],
  ...['kernel-cpu-off', 'kernel-panic', 'kernel-cpu-hog', 'kernel-registers', 'kernel-memory-hog'],
  ...['vm-stop', 'vm-reset', 'vm-nmi', 'vm-registers', 'vm-link-down', 'vm-disk-error', 'vm-disk-delay'],
];

/** Every mechanism, and those that choose otherwise with a parameter once more. */
const cases = new Map([
  ...[...makeInjectors().keys()]
    .filter((mechanism) => !provedInTheLab.includes(mechanism))
    .map((mechanism) => [mechanism, { mechanism, parameters: parametersOf[mechanism] ?? {} }] as const),
  ['sigkill by name', { mechanism: 'sigkill', parameters: { process: 'sleep' } }],
]);

/** What not every kernel has: skipped with what the mechanism says of it. All others have to work where these tests run. */
const needAModule = ['netem-delay', 'netem-corrupt'];

async function skipFor(mechanism: string): Promise<string | false> {
  const needs = needAModule.includes(mechanism) || afresh(mechanism).descriptor.byKernelModule;
  if (skip !== false || !needs) return skip;
  const support = await afresh(mechanism).supported();
  return support.supported ? false : support.reason;
}

async function bedFor(context: TestContext, mechanism: string, parameters: unknown = {}): Promise<Bed> {
  const container = await TestContainer.make(context);
  await container.start(['sleep', '600']);
  if (mechanism === 'disk-fill') return await bedWithFilesystem(context, container);
  if (mechanism === 'io-burn') return await bedOnDisk(context, container);
  if (!worksOnNics(mechanism)) {
    return {
      injection: injectionOn(await container.target(), { parameters }),
      state: async () => (await container.state()).join('\n'),
      removeTarget: async () => {
        await container.remove();
      },
    };
  }
  const network = await TestNetwork.make(context);
  return {
    injection: injectionOn(await network.nic(), { parameters }),
    state: async () => `${await network.ruleset()}${await network.queues()}`,
    removeTarget: async () => {
      await network.remove();
    },
  };
}

async function bedWithFilesystem(context: TestContext, container: TestContainer): Promise<Bed> {
  const filesystem = await TestFilesystem.make(context);
  const { directory } = filesystem;
  return {
    injection: injectionOn(await container.target(), { parameters: { directory } }),
    state: async () => `${await filesystem.freeBytes()} ${(await readdir(directory)).join(' ')}`,
    removeTarget: async () => {
      await container.remove();
    },
  };
}

/** Few requests: the disk is that of the machine. */
async function bedOnDisk(context: TestContext, container: TestContainer): Promise<Bed> {
  const directory = await mkdtemp('/var/tmp/ordtest-io-burn-');
  context.after(async () => {
    await rm(directory, { recursive: true });
  });
  const parameters = { directory, burners: 2, requests: 100, size: '1MiB' };
  return {
    injection: injectionOn(await container.target(), { parameters }),
    state: async () => (await readdir(directory)).join(' '),
    removeTarget: async () => {
      await container.remove();
    },
  };
}

function worksOnNics(mechanism: string): boolean {
  return afresh(mechanism).descriptor.serves.some(({ targets }) => targets.includes('nic'));
}

/** Another process' set of injectors: it remembers nothing of what this one did. */
function afresh(mechanism: string): Injector {
  const injector = makeInjectors().get(mechanism);
  assert.ok(injector);
  return injector;
}

function asJournalled<Value>(value: Value): Value {
  return z.custom<Value>().parse(JSON.parse(JSON.stringify(value)));
}

async function ownHandles(injector: Injector, injection: Injection): Promise<readonly string[]> {
  const handles = await injector.handles([injection.target]);
  return handles.filter((handle) => handle.includes(injection.id));
}

async function assertClean(injector: Injector, bed: Bed, memory: Memory, before: string): Promise<void> {
  assert.deepEqual(await injector.verify(bed.injection, memory, 'reverted'), { holds: true });
  assert.deepEqual(await ownHandles(injector, bed.injection), []);
  assert.equal(await bed.state(), before);
}

function assertNothingClaimed(effects: Effects): void {
  assert.ok(effects.count === 0 || effects.count === 'unknown', `it claims ${effects.count} effects`);
  assert.equal(effects.firstUs, undefined);
}

for (const [title, { mechanism, parameters }] of cases) {
  describe(title, { skip: await skipFor(mechanism) }, () => {
    test('is supported here', async () => {
      assert.deepEqual(await afresh(mechanism).supported(), { supported: true });
    });

    test('is reverted though it was never applied, by itself and by another process', async (context) => {
      const bed = await bedFor(context, mechanism, parameters);
      const before = await bed.state();
      const injector = afresh(mechanism);
      const memory = await injector.capture(bed.injection);
      assert.equal(await bed.state(), before, 'to prepare changes nothing');
      for (const reverter of [injector, afresh(mechanism)]) {
        assertNothingClaimed(await reverter.revert(asJournalled(bed.injection), asJournalled(memory)));
        await assertClean(reverter, bed, memory, before);
      }
    });

    test('is applied twice and reverted twice as if it were once', async (context) => {
      const bed = await bedFor(context, mechanism, parameters);
      const { injection } = bed;
      const before = await bed.state();
      const injector = afresh(mechanism);
      const foundBefore = await injector.handles([injection.target]);
      const live = new LiveInjections();
      live.add(injection.id, mechanism, injection.target, {});
      const memory = await injector.capture(injection);
      await injector.apply(injection, memory);
      const applied = await bed.state();
      await injector.apply(injection, memory);
      assert.equal(normal(await bed.state()), normal(applied));
      const placed = await injector.handles([injection.target]);
      assert.deepEqual(
        placed.filter((handle) => !foundBefore.includes(handle) && !live.owns(handle)),
        [],
        'what it places tells whose it is',
      );
      assert.deepEqual(await injector.verify(injection, memory, 'applied'), { holds: true });
      const first = await injector.revert(injection, memory);
      await assertClean(injector, bed, memory, before);
      assert.notEqual(first.count, 'unknown');
      const second = await injector.revert(injection, memory);
      assert.equal(second.count, first.count);
      await assertClean(injector, bed, memory, before);
    });

    test('is reverted by another process that has only the journal', async (context) => {
      const bed = await bedFor(context, mechanism, parameters);
      const before = await bed.state();
      const memory = await afresh(mechanism).capture(bed.injection);
      await afresh(mechanism).apply(asJournalled(bed.injection), asJournalled(memory));
      const another = afresh(mechanism);
      await another.effects(asJournalled(bed.injection), asJournalled(memory));
      await another.revert(asJournalled(bed.injection), asJournalled(memory));
      await assertClean(another, bed, memory, before);
    });

    test('is reverted when its target is gone, before and after it was applied', async (context) => {
      for (const applied of [false, true]) {
        const bed = await bedFor(context, mechanism, parameters);
        const injector = afresh(mechanism);
        const memory = await injector.capture(bed.injection);
        if (applied) await injector.apply(bed.injection, memory);
        await bed.removeTarget();
        for (const reverter of [injector, afresh(mechanism)]) {
          await reverter.revert(bed.injection, memory);
          assert.deepEqual(await reverter.verify(bed.injection, memory, 'reverted'), { holds: true });
          assert.deepEqual(await ownHandles(reverter, bed.injection), []);
        }
      }
    });

    test('an end that comes while the start is under way waits for it', async (context) => {
      const bed = await bedFor(context, mechanism, parameters);
      const before = await bed.state();
      const injector = afresh(mechanism);
      const memory = await injector.capture(bed.injection);
      await Promise.all([injector.apply(bed.injection, memory), injector.revert(bed.injection, memory)]);
      await assertClean(injector, bed, memory, before);
    });

    test('of another boot is over, and cannot be begun', async (context) => {
      const bed = await bedFor(context, mechanism, parameters);
      const injector = afresh(mechanism);
      const memory = await injector.capture(bed.injection);
      const target = { ...bed.injection.target, bootId: '00000000-0000-0000-0000-000000000000' };
      const injection = { ...bed.injection, target };
      await assert.rejects(injector.capture(injection), { code: 'NO_TARGET', message: /booted anew/ });
      await assert.rejects(injector.apply(injection, memory), {
        code: 'APPLY_FAILED',
        message: /booted anew/,
      });
      assert.equal((await injector.revert(injection, memory)).count, 'unknown');
      assert.deepEqual(await injector.verify(injection, memory, 'reverted'), { holds: true });
      assert.equal((await injector.verify(injection, memory, 'applied')).holds, false);
    });

    test('refuses a misspelt parameter by name, and says which injection, mechanism and target', async (context) => {
      const bed = await bedFor(context, mechanism, parameters);
      const before = await bed.state();
      const injection = { ...bed.injection, parameters: { durration: '5s' } };
      const injector = afresh(mechanism);
      for (const act of [
        async () => await injector.capture(injection),
        async () => {
          await injector.apply(injection, {});
        },
      ]) {
        await assert.rejects(act, (error: unknown) => {
          assert.ok(error instanceof Error && 'code' in error);
          assert.equal(error.code, 'INVALID_INPUT');
          for (const part of [injection.id, mechanism, 'durration'])
            assert.ok(error.message.includes(part), error.message);
          return true;
        });
      }
      assert.equal(await bed.state(), before);
    });
  });
}

test('nft-drop is found by its handle, whoever made it', { skip }, async (context) => {
  const bed = await bedFor(context, 'nft-drop');
  const memory = await afresh('nft-drop').capture(bed.injection);
  await afresh('nft-drop').apply(bed.injection, memory);
  const handles = await ownHandles(afresh('nft-drop'), bed.injection);
  assert.equal(handles.length, 1);
  const another = injectionOn(await (await TestNetwork.make(context)).nic());
  const elsewhere = await afresh('nft-drop').handles([another.target]);
  assert.deepEqual(
    elsewhere.filter((handle) => handles.includes(handle)),
    [],
    'another host on the same machine answers for it',
  );
  await afresh('nft-drop').revert(bed.injection, memory);
});

/** A ruleset without what runs on by itself. */
function normal(state: string): string {
  return state.replace(/expires \w+/g, 'expires').replace(/packets \d+ bytes \d+/g, 'packets');
}
