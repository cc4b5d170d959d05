import { monotonicUs } from '../clock/monotonic.ts';
import type { EventBody } from '../events/event.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Effects, Injector } from '../injectors/injector.ts';
import { addPart, wholeOf } from './earlier-parts.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { Workbench } from './workbench.ts';

export type Because = Extract<EventBody, { kind: 'injection.reverted' }>['because'];

interface TakeAway {
  readonly entry: JournalEntry;
  readonly injector: Injector;
  /** Why the fault ends; undefined where it never began and only the proof is wanted. */
  readonly because: Because | undefined;
  /** What people have to know of that end beyond its reason. */
  readonly remark?: string;
  /** A pause before the next try. */
  readonly pause: (ms: number) => Promise<void>;
  readonly onStuck: (error: OrdealError) => void;
}

export interface TakenAway {
  /** Of all instances of its target that it has met. */
  readonly effects: Effects;
  /** Of the last of them alone. */
  readonly ofThisPart: Effects;
  /** At its deadline, by the guardian: whoever took it away found it ended. */
  readonly endedByGuardian: boolean;
  readonly tries: number;
}

/** What holds the kernel up (a busy cgroup, a lock of nftables) is over in moments; what is broken is not asked more often than this. */
const firstPauseMs = 100;
const longestPauseMs = 10_000;

interface TakeAwayBench extends Pick<Workbench, 'live'> {
  readonly guardian: Pick<Workbench['guardian'], 'withdraw'>;
  readonly voice: Pick<Workbench['voice'], 'event'>;
  readonly log: Pick<Workbench['log'], 'error'>;
}

/** Reverts an injection and reads back that nothing is left of it, however often it takes; nothing is called clean before. */
export async function takeAway(
  { entry, injector, because, remark, pause, onStuck }: TakeAway,
  { voice, live, guardian, log }: TakeAwayBench,
): Promise<TakenAway> {
  const { scope, injection, memory } = entry;
  const { id } = injection;
  let pauseMs = firstPauseMs;
  for (let tries = 1; ; tries += 1) {
    try {
      const { offUs = monotonicUs(), ...ofThisPart } = await injector.revert(injection, memory);
      const effects = remarked(whole(entry, ofThisPart), remark);
      const verification = await injector.verify(injection, memory, 'reverted');
      if (!verification.holds) {
        throw new OrdealError('REVERT_FAILED', `reading back found it still there: ${verification.found}`);
      }
      const will = injector.willOf?.(memory);
      const endedUs = will === undefined ? undefined : await guardian.withdraw(id);
      const endedByGuardian = endedUs !== undefined && will?.isWhole === true;
      if (because !== undefined) {
        const why = endedByGuardian ? 'deadline' : because;
        const body = { kind: 'injection.reverted', injection: id, because: why, effects } as const;
        voice.event(scope, body, { monoUs: endedUs ?? offUs });
      }
      voice.event(scope, { kind: 'injection.verified', injection: id, expected: 'reverted', holds: true });
      return { effects, ofThisPart, endedByGuardian, tries };
    } catch (thrown) {
      const error = OrdealError.from(thrown, 'REVERT_FAILED');
      log.error({ injection: id, tries, err: error }, 'a fault could not be taken away');
      live.stick(id, error.message);
      if (tries === 1) {
        const { code, message } = error;
        const verified = { kind: 'injection.verified', expected: 'reverted', holds: false } as const;
        voice.event(scope, { kind: 'injection.failed', injection: id, during: 'revert', code, message });
        voice.event(scope, { ...verified, injection: id, found: message });
      }
      onStuck(error);
    }
    await pause(pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

function whole({ earlier, injection: { target } }: JournalEntry, ofThisPart: Effects): Effects {
  if (earlier === undefined) return ofThisPart;
  return wholeOf(addPart(earlier, ofThisPart), target.kind === 'host' ? target.host : target.name);
}

function remarked(effects: Effects, remark: string | undefined): Effects {
  if (remark === undefined) return effects;
  return { ...effects, remark: effects.remark === undefined ? remark : `${effects.remark}; ${remark}` };
}
