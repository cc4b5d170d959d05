import type { Machine } from '../../lab/machine/machine.ts';
import type { Attributes, Kind } from '../../test/kernel/kernel-fault.ts';
import type { Figure } from '../benchmark.ts';
import { quantile, spread } from '../quantile.ts';
import { latenessUs, statusesOf } from './guest-fault.ts';

interface Boundaries {
  readonly kind: Kind;
  /** A fault that touches whatever comes, at once. */
  readonly touching: Attributes;
  /** A fault that holds it. */
  readonly holding: Attributes;
  readonly held: string;
  /** What comes how often, to read the figures by. */
  readonly traffic: string;
}

const faults = 50;
const aimUs = 1_000;

/** How near to its plan a fault begins and ends, while something comes at a rate; by the kernel's own stamps. */
export async function boundaries(machine: Machine, asked: Boundaries): Promise<Figure[]> {
  const { kind, touching, holding, held, traffic } = asked;
  const touched = await statusesOf(machine, kind, touching, faults);
  const drained = await statusesOf(machine, kind, holding, faults);
  const first = latenessUs(touched, 'first_effect_ns', 'start_ns');
  const last = latenessUs(touched, 'last_effect_ns', 'deadline_ns');
  return [
    {
      what: 'from the planned start to the first effect',
      found: spread(first),
      aim: { text: 'p99 under 1 ms', isMet: quantile(first, 0.99) < aimUs },
      note: `the gate itself: ${spread(latenessUs(touched, 'opened_ns', 'start_ns'))}; ${traffic}`,
    },
    {
      what: 'from the deadline to the last capture',
      found: spread(last),
      aim: { text: 'p99 under 1 ms', isMet: quantile(last, 0.99) < aimUs },
      note: `negative: before it; the gate itself: ${spread(latenessUs(touched, 'closed_ns', 'deadline_ns'))}`,
    },
    {
      what: `from the deadline to the last of the ${held}`,
      found: spread(latenessUs(drained, 'drained_ns', 'deadline_ns')),
    },
  ];
}
