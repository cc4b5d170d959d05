import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { initOf } from '../cgroup/container-init.ts';
import { containerOf } from '../cgroup/control-group.ts';
import type { Effects, Injection, Injector, Memory, Support, Verification } from '../injector.ts';
import type { ProcessOfThisBoot } from '../../procfs/identity.ts';
import { withoutRoot } from '../privilege.ts';
import type { Target } from '../target.ts';
import { aliveAmong, killAll, nameAll, type Deaths } from './deaths.ts';
import { sigkill, type SigkillParameters } from './descriptor.ts';
import { nothingRunsIn, processesByName } from './processes-by-name.ts';

/** The chosen, as `pid:startTicks` with blanks between: a memory is flat. */
const memorySchema = z.object({ processes: z.string().regex(/^\d+:\d+( \d+:\d+)*$/) });

/**
 * The processes to kill are chosen when the injection is prepared, and no other is ever killed: a start that is repeated after a
 * crash must not kill what the infrastructure has started in the place of the dead.
 */
export class SigkillInjector implements Injector<SigkillParameters> {
  readonly descriptor = sigkill;
  readonly #deaths = new Map<string, Deaths>();

  async supported(): Promise<Support> {
    return await Promise.resolve(withoutRoot() ?? { supported: true });
  }

  async capture({ target, parameters }: Injection<SigkillParameters>): Promise<Memory> {
    const name = parameters.process;
    const chosen = name === undefined ? [await initToKill(target)] : await processesByName(name, target);
    return { processes: chosen.map(({ pid, startTicks }) => `${pid}:${startTicks}`).join(' ') };
  }

  async apply(injection: Injection<SigkillParameters>, memory: Memory): Promise<void> {
    if (this.#deaths.has(injection.id)) return;
    const chosen = chosenIn(memory);
    const deaths = await killAll(chosen);
    if (deaths === undefined) throw nothingToKill(`what was chosen runs no more: ${nameAll(chosen)}`);
    this.#deaths.set(injection.id, deaths);
  }

  async revert(injection: Injection<SigkillParameters>, memory: Memory): Promise<Effects> {
    const effects = await this.effects(injection, memory);
    this.#deaths.delete(injection.id);
    return effects;
  }

  async effects(injection: Injection<SigkillParameters>, memory: Memory): Promise<Effects> {
    const chosen = chosenIn(memory);
    const deaths = this.#deaths.get(injection.id);
    if (deaths !== undefined) {
      const { endedBefore, ...counted } = deaths;
      if (endedBefore === 0) return counted;
      return {
        ...counted,
        remark: `${endedBefore} of ${chosen.length} had ended before they could be killed`,
      };
    }
    // Dead, but not seen to die: an agent that was killed in the act cannot say of what.
    return { count: (await aliveAmong(chosen)).length === chosen.length ? 0 : 'unknown' };
  }

  async verify(
    _injection: Injection<SigkillParameters>,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    // A signal leaves nothing behind, and a death is not undone: to start the dead again is not the injector's work.
    if (expected === 'reverted') return { holds: true };
    const alive = await aliveAmong(chosenIn(memory));
    if (alive.length === 0) return { holds: true };
    return { holds: false, found: `still alive: ${nameAll(alive)}` };
  }

  async handles(): Promise<readonly string[]> {
    return await Promise.resolve([]);
  }
}

async function initToKill(target: Target): Promise<ProcessOfThisBoot> {
  if (target.kind === 'host') {
    throw new OrdealError(
      'INVALID_INPUT',
      "on a host, sigkill needs a process: the host's init is never killed",
      {
        remedy: 'Give the parameter "process": the name of the processes to kill.',
      },
    );
  }
  const container = containerOf(target);
  const found = await initOf(container);
  if (found === undefined) throw nothingRunsIn(container);
  return found.init;
}

function chosenIn(memory: Memory): ProcessOfThisBoot[] {
  return memorySchema
    .parse(memory)
    .processes.split(' ')
    .map((text) => {
      const [pid = 0, startTicks = 0] = text.split(':').map(Number);
      return { pid, startTicks };
    });
}

function nothingToKill(message: string): OrdealError {
  return new OrdealError('NO_TARGET', message, {
    remedy: 'See that what is to be killed runs and stays up without a fault, then try again.',
  });
}
