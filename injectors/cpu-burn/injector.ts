import { availableParallelism } from 'node:os';
import { monotonicUs } from '../../clock/monotonic.ts';
import { Hog } from '../hog/hog.ts';
import { markOf, marksOn } from '../hog/mark.ts';
import { captureSite, placeIn, processesIn, siteSchema, withoutHogs } from '../hog/site.ts';
import { endAll, send, youngestOf } from '../hog/removal.ts';
import type { Effects, Injection, Injector, Memory, Reverted, Support, Verification } from '../injector.ts';
import type { Target } from '../target.ts';
import { burnersOf, readReport } from './burner.ts';
import { Burnt } from './burnt.ts';
import { cpuBurn, loadOf, type CpuBurnParameters } from './descriptor.ts';

interface Burning {
  readonly hog: Hog;
  readonly burnt: Burnt;
}

export class CpuBurnInjector implements Injector<CpuBurnParameters> {
  readonly descriptor = cpuBurn;
  readonly #burning = new Map<string, Burning>();

  async supported(): Promise<Support> {
    return (await withoutHogs()) ?? { supported: true };
  }

  async capture({ target }: Injection<CpuBurnParameters>): Promise<Memory> {
    return await captureSite(target);
  }

  async apply(injection: Injection<CpuBurnParameters>, memory: Memory): Promise<void> {
    if ((await this.#find(injection, memory)).length > 0) return;
    const place = await placeIn(siteSchema.parse(memory));
    const program = burnersOf(injection.parameters, injection.durationUs);
    const hog = await Hog.start(this.#markOf(injection), place, program);
    const burnt = new Burnt(async () => await this.#find(injection, memory));
    this.#burning.set(injection.id, { hog, burnt });
  }

  async revert(injection: Injection<CpuBurnParameters>, memory: Memory): Promise<Reverted> {
    const find = async (): Promise<number[]> => await this.#find(injection, memory);
    // Stopped, they do nothing more, and what they used can still be read.
    for (const pid of await youngestOf(await find())) send(pid, 'SIGSTOP');
    const offUs = monotonicUs();
    const effects = await this.effects(injection);
    const burning = this.#burning.get(injection.id);
    burning?.burnt.stop();
    await endAll(find);
    await burning?.hog.end();
    this.#burning.delete(injection.id);
    const lastUs = effects.lastUs === undefined ? {} : { lastUs: Math.min(effects.lastUs, offUs) };
    return { ...effects, ...lastUs, offUs };
  }

  async effects(injection: Injection<CpuBurnParameters>): Promise<Effects> {
    const burning = this.#burning.get(injection.id);
    // What was burnt is known to the process that looked on; the kernel keeps it no longer than the burners.
    if (burning === undefined) return { count: 'unknown' };
    await burning.burnt.look();
    const { burners } = injection.parameters;
    const asked = Math.min(burners, availableParallelism()) * loadOf(injection.parameters);
    const remark = remarkOn(burners, readReport(burning.hog.said));
    return { ...burning.burnt.effects(asked), ...(remark === undefined ? {} : { remark }) };
  }

  async verify(
    injection: Injection<CpuBurnParameters>,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    const left = await this.#find(injection, memory);
    if (expected === 'reverted') {
      if (left.length === 0) return { holds: true };
      return { holds: false, found: `burners still run: the processes ${left.join(', ')}` };
    }
    const burning = this.#burning.get(injection.id);
    const { forked, killed } =
      burning === undefined ? { forked: 1, killed: 0 } : readReport(burning.hog.said);
    if (left.length > 0 && forked > killed) return { holds: true };
    return { holds: false, found: 'no burner runs: each was refused or killed' };
  }

  async handles(targets: readonly Target[]): Promise<readonly string[]> {
    return await marksOn(targets, cpuBurn.name);
  }

  async #find(injection: Injection, memory: Memory): Promise<number[]> {
    return await processesIn(siteSchema.parse(memory), this.#markOf(injection));
  }

  #markOf({ id }: Injection): string {
    return markOf(cpuBurn.name, id);
  }
}

function remarkOn(asked: number, report: ReturnType<typeof readReport>): string | undefined {
  const { forked, killed, refusedBecause } = report;
  const remarks = [
    ...(refusedBecause === undefined
      ? []
      : [`only ${forked} of ${asked} burners could be forked: ${refusedBecause}`]),
    ...(killed === 0
      ? []
      : [`${killed} of ${forked} burners were killed by somebody else (or for want of memory)`]),
  ];
  return remarks.length === 0 ? undefined : remarks.join('; ');
}
