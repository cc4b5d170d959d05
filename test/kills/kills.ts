import { seeded } from '../../injectors/seeded.ts';

/** Each kind of process is killed as often as any other; of the agents each. */
const victims = ['controller', 'metrics', 'nats', 'agent'] as const;
const agents = ['agent-tester', 'agent-host-1', 'agent-host-2'] as const;

export type Victim = Exclude<(typeof victims)[number], 'agent'> | (typeof agents)[number];

export interface Kill {
  readonly victim: Victim;
  /** After the kill before it, or after the beginning of the campaign. */
  readonly afterMs: number;
}

interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The same seed, the same kills: who, and how long after the one before. */
export function* killsFrom(seed: number, gap: Gap): Generator<Kill, never> {
  const random = seeded(seed, 'kills');
  const one = <Some>(some: readonly [Some, ...Some[]]): Some =>
    some[Math.floor(random() * some.length)] ?? some[0];
  for (;;) {
    const kind = one(victims);
    const victim = kind === 'agent' ? one(agents) : kind;
    yield { victim, afterMs: Math.round(gap.fromMs + random() * (gap.toMs - gap.fromMs)) };
  }
}
