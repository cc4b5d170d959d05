import { z } from 'zod';
import { identitySchema, type Identity } from './event.ts';

const count = z.int().nonnegative();
const { campaign, trial, attempt } = identitySchema.shape;

export const scopeSchema = z.strictObject({ campaign, trial, attempt });

/** What an event or a batch of samples belongs to: nothing, a campaign, or an attempt at a trial. */
export type Scope = z.infer<typeof scopeSchema>;

const incarnationSchema = z.strictObject({ incarnation: z.string(), lastSeq: count });
type Incarnation = z.infer<typeof incarnationSchema>;

/** All that a ledger knows, to write it down. */
export const standSchema = z.array(
  z.strictObject({
    scope: scopeSchema,
    incarnations: z.array(incarnationSchema),
    closed: z.boolean(),
    touchedUs: count,
  }),
);
type Stand = z.infer<typeof standSchema>;

/** The streams have forgotten it by then; nobody can still wait for its last word. */
const forgottenAfterUs = 30 * 24 * 3600 * 1_000_000;

interface Account {
  readonly scope: Scope;
  readonly incarnations: Map<string, number>;
  closed: boolean;
  touchedUs: number;
}

/** Who has said how much in which scope: the seqs of one producer, in all of its incarnations. */
export class Ledger {
  readonly #accounts = new Map<string, Account>();

  nextSeq(scope: Scope, incarnation: string): number {
    return (this.#accounts.get(keyOf(scope))?.incarnations.get(incarnation) ?? -1) + 1;
  }

  isClosed(scope: Scope): boolean {
    return this.#accounts.get(keyOf(scope))?.closed ?? false;
  }

  /** Every incarnation that spoke in the scope, with its last seq, in the order of their first words. */
  incarnations(scope: Scope): Incarnation[] {
    const spoke = this.#accounts.get(keyOf(scope))?.incarnations ?? new Map<string, number>();
    return [...spoke].map(([incarnation, lastSeq]) => ({ incarnation, lastSeq }));
  }

  said(identity: Identity, closes: boolean, nowUs: number): void {
    const { incarnation, seq } = identity;
    const scope = scopeOf(identity);
    const key = keyOf(scope);
    let account = this.#accounts.get(key);
    if (account === undefined) {
      account = { scope, incarnations: new Map(), closed: false, touchedUs: nowUs };
      this.#accounts.set(key, account);
    }
    account.incarnations.set(incarnation, Math.max(seq, account.incarnations.get(incarnation) ?? 0));
    account.closed ||= closes;
    account.touchedUs = nowUs;
  }

  /**
   * Something that was said is lost, and nobody knows of which scope: in each that is not closed, whoever spoke last takes one more seq, which stays
   * missing.
   */
  lost(): void {
    for (const { closed, incarnations } of this.#accounts.values()) {
      const last = [...incarnations].at(-1);
      if (!closed && last !== undefined) incarnations.set(last[0], last[1] + 1);
    }
  }

  stand(nowUs: number): Stand {
    const stand: Stand = [];
    for (const { scope, incarnations, closed, touchedUs } of this.#accounts.values()) {
      if (nowUs - touchedUs > forgottenAfterUs) continue;
      // Of a closed scope, only that it is closed is still needed.
      const spoke = closed
        ? []
        : [...incarnations].map(([incarnation, lastSeq]) => ({ incarnation, lastSeq }));
      stand.push({ scope, incarnations: spoke, closed, touchedUs });
    }
    return stand;
  }

  restore(stand: Stand): void {
    this.#accounts.clear();
    for (const { scope, incarnations, closed, touchedUs } of stand) {
      // What belongs to no campaign is never closed, so nobody asks who said it.
      if (scope.campaign === undefined) continue;
      const spoke = new Map(incarnations.map(({ incarnation, lastSeq }) => [incarnation, lastSeq]));
      this.#accounts.set(keyOf(scope), { scope, incarnations: spoke, closed, touchedUs });
    }
  }
}

function scopeOf(identity: Scope): Scope {
  const { campaign, trial, attempt } = identity;
  return {
    ...(campaign !== undefined && { campaign }),
    ...(trial !== undefined && { trial }),
    ...(attempt !== undefined && { attempt }),
  };
}

/** The same for the same scope only: no name contains a slash. */
export function keyOf({ campaign, trial, attempt }: Scope): string {
  return `${campaign ?? ''}/${trial ?? ''}/${attempt ?? ''}`;
}
