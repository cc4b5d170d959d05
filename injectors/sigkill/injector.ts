import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { initOf } from '../cgroup/container-init.ts';
import { containerOf } from '../cgroup/control-group.ts';
import type { Effects, Injection, Injector, Memory, Support, Verification } from '../injector.ts';
import { withoutRoot } from '../privilege.ts';
import { sigkill } from './descriptor.ts';
import { isAlive, type ProcessOfThisBoot } from '../../procfs/identity.ts';

/** How long an init may take to die: it first waits for all processes of its namespace. */
const deathWithinUs = 5_000_000;

/** Between two looks: the death is stamped late by so much at the most, and never early. */
const lookEveryMs = 1;

const memorySchema = z.object({ pid: z.number(), startTicks: z.number() });

/**
 * The process to kill is chosen when the injection is prepared, and no other is ever killed: a start that is repeated after a
 * crash must not kill what the infrastructure has started in the place of the dead.
 */
export class SigkillInjector implements Injector {
  readonly descriptor = sigkill;
  readonly #deaths = new Map<string, number>();

  async supported(): Promise<Support> {
    return await Promise.resolve(withoutRoot() ?? { supported: true });
  }

  async capture(injection: Injection): Promise<Memory> {
    const target = containerOf(injection.target);
    const found = await initOf(target);
    if (found !== undefined) return { ...found.init };
    throw nothingToKill(`no process runs in the container ${target.name}`);
  }

  async apply(injection: Injection, memory: Memory): Promise<void> {
    if (this.#deaths.has(injection.id)) return;
    const main = memorySchema.parse(memory);
    if (!(await isAlive(main))) throw nothingToKill(`its init, process ${main.pid}, has ended by itself`);
    kill(main);
    const giveUpAtUs = monotonicUs() + deathWithinUs;
    while (await isAlive(main)) {
      if (monotonicUs() > giveUpAtUs) throw new Error(`process ${main.pid} did not die of SIGKILL`);
      await sleep(lookEveryMs);
    }
    this.#deaths.set(injection.id, monotonicUs());
  }

  async revert(injection: Injection, memory: Memory): Promise<Effects> {
    const effects = await this.effects(injection, memory);
    this.#deaths.delete(injection.id);
    return effects;
  }

  async effects(injection: Injection, memory: Memory): Promise<Effects> {
    const atUs = this.#deaths.get(injection.id);
    if (atUs !== undefined) return { count: 1, firstUs: atUs, lastUs: atUs };
    // Dead, but not seen to die: an agent that was killed in the act cannot say of what.
    return { count: (await isAlive(memorySchema.parse(memory))) ? 0 : 'unknown' };
  }

  async verify(
    _injection: Injection,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    // A signal leaves nothing behind, and a death is not undone: to start the container again is not the injector's work.
    if (expected === 'reverted') return { holds: true };
    const main = memorySchema.parse(memory);
    if (!(await isAlive(main))) return { holds: true };
    return { holds: false, found: `process ${main.pid} is alive` };
  }

  async handles(): Promise<readonly string[]> {
    return await Promise.resolve([]);
  }
}

function kill({ pid }: ProcessOfThisBoot): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    throw gone ? nothingToKill(`its init, process ${pid}, has ended by itself`) : error;
  }
}

function nothingToKill(message: string): OrdealError {
  return new OrdealError('NO_TARGET', message, {
    remedy: 'See that the container runs and stays up without a fault, then try again.',
  });
}
