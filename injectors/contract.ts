import { z } from 'zod';
import { OrdealError } from '../errors/ordeal-error.ts';
import { monotonicUs } from '../clock/monotonic.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { readBootId } from '../procfs/identity.ts';
import { unreachedVm, type Descriptor } from './descriptor.ts';
import type { Ahead, Effects, Injection, Injector, Memory, Reverted, Verification } from './injector.ts';
import type { Target } from './target.ts';
import type { Will } from './will.ts';

/** How many injections' last known effects are kept: far more than are ever active at once. */
const remembered = 256;

const bootedAnew = 'the host was booted anew since, and what was counted went with the kernel before';

/** Names in the kernel are made of it: nftables takes 255 characters. */
const longestId = 200;

const identity = z.object({
  id: z
    .string()
    .max(longestId)
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/),
  seed: z.int(),
  durationUs: z.int().positive(),
});

/**
 * Holds an injector to its contract, whoever wrote it: what it is given is valid and meant for it, what it answers is possible, a
 * revert has left nothing, and its errors say which injection they are about.
 */
export function holdToContract(injector: Injector): Injector {
  return new Held(injector);
}

class Held implements Injector {
  readonly descriptor: Descriptor;
  readonly ahead?: Ahead;
  readonly willOf?: (memory: Memory) => Will | undefined;
  readonly #injector: Injector;
  /** The act that runs for an injection: an end that comes while the start is under way waits for it. */
  readonly #acting = new Map<string, Promise<unknown>>();
  readonly #known = new Map<string, Reverted>();

  constructor(injector: Injector) {
    this.descriptor = injector.descriptor;
    this.#injector = injector;
    if (injector.ahead !== undefined) this.ahead = this.#held(injector.ahead);
    if (injector.willOf !== undefined) this.willOf = injector.willOf.bind(injector);
  }

  async supported(): ReturnType<Injector['supported']> {
    return await this.#injector.supported();
  }

  async capture(injection: Injection): Promise<Memory> {
    return await this.#told('INTERNAL', 'cannot be prepared', injection, async () => {
      await refuseOtherBoot(injection.target);
      // A fault that follows its target is prepared again: what it did before is not what it does now.
      this.#known.delete(injection.id);
      return await this.#injector.capture(this.#valid(injection));
    });
  }

  async apply(injection: Injection, memory: Memory): Promise<void> {
    await this.#inTurn('APPLY_FAILED', 'was not applied', injection, async () => {
      await refuseOtherBoot(injection.target);
      await this.#injector.apply(this.#valid(injection), memory);
    });
  }

  /** Takes parameters as they are: what an older version wrote into the journal has to be undone all the same. */
  async revert(injection: Injection, memory: Memory): Promise<Reverted> {
    return await this.#inTurn('REVERT_FAILED', 'was not reverted', injection, async () => {
      // Nothing in a kernel outlives it.
      if (await isOfOtherBoot(injection.target)) return { count: 'unknown', remark: bootedAnew };
      const answered = await this.#injector.revert(injection, memory);
      // Stamped before it is read back, which takes its time.
      const reverted = believed({ offUs: monotonicUs(), ...answered });
      const left = await this.#injector.verify(injection, memory, 'reverted');
      if (!left.holds) throw new Error(left.found);
      return this.#remember(injection, reverted);
    });
  }

  async effects(injection: Injection, memory: Memory): Promise<Effects> {
    return await this.#told('INTERNAL', 'cannot be asked for its effects', injection, async () => {
      if (await isOfOtherBoot(injection.target)) return { count: 'unknown' };
      return possible(await this.#injector.effects(injection, memory));
    });
  }

  async verify(
    injection: Injection,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    return await this.#told('INTERNAL', 'cannot be verified', injection, async () => {
      if (!(await isOfOtherBoot(injection.target))) {
        return await this.#injector.verify(injection, memory, expected);
      }
      if (expected === 'reverted') return { holds: true };
      return { holds: false, found: 'the host was booted anew since the fault was prepared' };
    });
  }

  async handles(targets: readonly Target[]): Promise<readonly string[]> {
    return await this.#injector.handles(targets);
  }

  #held(ahead: Ahead): Ahead {
    return {
      arm: async (injection, memory, times) =>
        await this.#inTurn('APPLY_FAILED', 'was not armed', injection, async () => {
          await refuseOtherBoot(injection.target);
          await ahead.arm(this.#valid(injection), memory, times);
        }),
      renew: async (injection, memory, leaseUntilUs) =>
        await this.#inTurn('INTERNAL', 'kept its lease', injection, async () => {
          await ahead.renew(injection, memory, leaseUntilUs);
        }),
      begun: async (injection, memory) =>
        await this.#told('INTERNAL', 'has not begun', injection, async () => {
          return await ahead.begun(injection, memory);
        }),
    };
  }

  #valid(injection: Injection): Injection {
    const { name, modes, serves, parameters } = this.descriptor;
    const { target } = injection;
    const refuse = (what: string): never => {
      throw new OrdealError('INVALID_INPUT', what);
    };
    const known = identity.safeParse(injection);
    if (!known.success) refuse(z.prettifyError(known.error));
    if (!modes.includes(injection.mode.kind)) {
      refuse(`the mode "${injection.mode.kind}" is not one of ${name}: ${modes.join(', ')}`);
    }
    const kinds = serves.flatMap((service) => service.targets);
    if (serves.length > 0 && !kinds.includes(target.kind)) {
      refuse(`${name} does not work on a ${target.kind}, only on: ${[...new Set(kinds)].join(', ')}`);
    }
    const unreached = target.kind === 'vm' ? unreachedVm(this.descriptor, target.metFrom) : undefined;
    if (unreached !== undefined) refuse(unreached);
    const parsed = parameters.safeParse(injection.parameters);
    if (!parsed.success) return refuse(`its parameters are wrong: ${z.prettifyError(parsed.error)}`);
    return { ...injection, parameters: parsed.data };
  }

  /** What is unknown now may have been known when it was first reverted. */
  #remember(injection: Injection, reverted: Reverted): Reverted {
    const before = this.#known.get(injection.id);
    if (reverted.count === 'unknown' && before !== undefined) return before;
    this.#known.delete(injection.id);
    this.#known.set(injection.id, reverted);
    const [oldest] = this.#known.keys();
    if (this.#known.size > remembered && oldest !== undefined) this.#known.delete(oldest);
    return reverted;
  }

  /** In the order in which they were asked for: the turn is taken before anything is waited for. */
  async #inTurn<Result>(
    code: ErrorCode,
    what: string,
    injection: Injection,
    act: () => Promise<Result>,
  ): Promise<Result> {
    const told = async (): Promise<Result> => await this.#told(code, what, injection, act);
    const before = this.#acting.get(injection.id) ?? Promise.resolve();
    const turn = before.then(told, told);
    this.#acting.set(injection.id, turn);
    try {
      return await turn;
    } finally {
      if (this.#acting.get(injection.id) === turn) this.#acting.delete(injection.id);
    }
  }

  /** Acts fail with the code of the act; preparing and asking keep the code of what was found. */
  async #told<Result>(
    code: ErrorCode,
    what: string,
    injection: Injection,
    act: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      const inner = OrdealError.from(error, code);
      const about = `injection ${injection.id} (${this.descriptor.name} on ${nameOf(injection.target)})`;
      const outer = code === 'INTERNAL' || inner.code === 'INVALID_INPUT' ? inner.code : code;
      // The advice of an act's own code would hide what the mechanism advises.
      const advice = error instanceof OrdealError ? { remedy: inner.remedy } : {};
      throw new OrdealError(outer, `${about} ${what}: ${inner.message}`, { cause: error, ...advice });
    }
  }
}

function nameOf(target: Target): string {
  return target.kind === 'host' ? `host ${target.host}` : `${target.kind} ${target.name} of ${target.host}`;
}

/** A fault that is gone is not called stuck because its counters lied: what it did is unknown then, and the effects say why. */
function believed(reverted: Reverted): Reverted {
  try {
    return possible(reverted);
  } catch (error) {
    const { offUs } = reverted;
    return {
      count: 'unknown',
      remark: OrdealError.from(error).message,
      ...(offUs === undefined ? {} : { offUs }),
    };
  }
}

function possible(effects: Effects): Effects {
  const { count, firstUs, lastUs } = effects;
  const counted = count === 'unknown' || (Number.isSafeInteger(count) && count >= 0);
  const inOrder = firstUs === undefined || lastUs === undefined || firstUs <= lastUs;
  const stamped = count !== 0 || (firstUs === undefined && lastUs === undefined);
  if (counted && inOrder && stamped) return effects;
  throw new OrdealError('INTERNAL', `it answered impossible effects: ${JSON.stringify(effects)}`);
}

async function refuseOtherBoot(target: Target): Promise<void> {
  if (!(await isOfOtherBoot(target))) return;
  throw new OrdealError('NO_TARGET', 'the host was booted anew since the target was chosen');
}

async function isOfOtherBoot(target: Target): Promise<boolean> {
  return target.bootId !== (await readBootId());
}
