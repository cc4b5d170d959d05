import type { Identity } from './event.ts';
import { OrdealError } from '../errors/ordeal-error.ts';

type Scoped = Pick<Identity, 'campaign' | 'trial' | 'attempt'>;

/** What has been seen of every incarnation of every producer in one scope, as ranges of seq. */
export class Seen {
  /** True where this message is seen for the first time. */
  add(_identity: Identity): boolean {
    throw new OrdealError('INTERNAL', 'not built yet');
  }

  /** The seqs from 0 to `lastSeq` that were not seen, as [first, last] ranges. */
  missing(
    _scope: Scoped,
    _producer: string,
    _incarnation: string,
    _lastSeq: number,
  ): readonly (readonly [number, number])[] {
    throw new OrdealError('INTERNAL', 'not built yet');
  }

  /** Drops all that is known of a scope. */
  forget(_scope: Scoped): void {
    throw new OrdealError('INTERNAL', 'not built yet');
  }
}
