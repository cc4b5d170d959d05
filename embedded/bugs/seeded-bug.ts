import type { EmbeddedSystem } from '../layout.ts';
import type { Repairs } from '../repairs.ts';

/**
 * A mistake that one of the target's repairs is given on purpose. No fault alone shows it: it takes a second one amid the recovery from the first.
 * It is there only where the target is made with it.
 */
export interface SeededBug {
  /** What is wrong, and what comes of it. */
  readonly summary: string;
  /** The repairs with this mistake in one of them. */
  readonly mistaken: (repairs: Repairs, system: EmbeddedSystem) => Repairs;
  /** What is written where it has shown itself, and in which log. */
  readonly symptom: { readonly log: 'front' | 'supervisor' | 'replica'; readonly line: RegExp };
  /** Shell lines that undo what has come of it; `front` asks HAProxy what its arguments say. */
  readonly cure: (system: EmbeddedSystem) => readonly string[];
}
