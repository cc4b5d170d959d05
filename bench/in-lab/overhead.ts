import type { Machine } from '../../lab/machine/machine.ts';
import { withFault, type Attributes, type Kind } from '../../test/kernel/kernel-fault.ts';
import type { Figure } from '../benchmark.ts';
import { quantile } from '../quantile.ts';
import { loaded } from './guest-fault.ts';

/** What is carried in a second. */
export type Carried = () => Promise<number>;

interface Compared {
  readonly kind: Kind;
  /** A fault that looks at everything and touches nothing. */
  readonly atZero: Attributes;
  readonly bare: Carried;
  /** The same by what does nothing just then, each by its name. */
  readonly rivals: Readonly<Record<string, Carried>>;
}

export const rounds = 5;

/** In each round: not loaded twice, which shows the noise, then loaded and idle, armed at 0, and each rival. Ratios are of one round each. */
export async function overhead(
  machine: Machine,
  { kind, atZero, bare, rivals }: Compared,
): Promise<Figure[]> {
  const names = Object.keys(rivals);
  const again: number[] = [];
  const idle: number[] = [];
  const armed: number[] = [];
  const rival = new Map(names.map((name) => [name, [] as number[]]));
  const beside = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    const first = await bare();
    const second = await bare();
    const mean = (first + second) / 2;
    const carried = await loaded(machine, kind, async () => ({
      idle: await bare(),
      armed: await withFault(machine, kind, atZero, async () => await bare()),
    }));
    again.push(second / first);
    idle.push(carried.idle / mean);
    armed.push(carried.armed / mean);
    for (const [name, carriedBy] of Object.entries(rivals)) {
      const value = await carriedBy();
      rival.get(name)?.push(value / mean);
      beside.get(name)?.push(carried.armed / value);
    }
  }
  const noise = Math.max(...again.map((ratio) => Math.abs(ratio - 1)));
  const idleIsNoise = Math.abs(quantile(idle, 0.5) - 1) <= noise;
  return [
    { what: 'not loaded : not loaded', found: ratios(again), note: 'the noise' },
    {
      what: 'loaded and idle : not loaded',
      found: ratios(idle),
      aim: { text: 'within the noise', isMet: idleIsNoise },
    },
    { what: 'armed at 0 : not loaded', found: ratios(armed) },
    ...[...rival].map(([name, values]) => ({ what: `${name} : not loaded`, found: ratios(values) })),
    ...[...beside].map(([name, values]) => ({
      what: `armed at 0 : ${name}`,
      found: ratios(values),
      aim: { text: 'at least 1', isMet: quantile(values, 0.5) >= 1 },
    })),
  ];
}

function ratios(values: readonly number[]): string {
  const [least, median, most] = [0, 0.5, 1].map((share) => quantile(values, share).toFixed(2));
  return `${median} (${least} to ${most})`;
}
