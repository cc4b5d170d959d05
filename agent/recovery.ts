import { setTimeout as sleep } from 'node:timers/promises';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Injector } from '../injectors/injector.ts';
import { hasCrashed, tellCrash } from './crash.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { Outbox } from './outbox.ts';
import { settle } from './settle.ts';
import { failed, statusOf, type Status } from './status.ts';
import { takeAway } from './take-away.ts';
import type { Workbench } from './workbench.ts';

/** So many tries before the agent dials all the same: the controller has to learn that this host is not clean. */
const triesBeforeDialling = 3;

/**
 * Takes away what an earlier agent of this host left behind. Resolves when every fault is gone, or has shown that it does not go at once: then
 * it is residue, and the tries go on until the signal aborts. It needs nothing but the journal and the injectors: the faults go also where the
 * outbox cannot be opened.
 */
export async function recover(
  bench: Pick<Workbench, 'voice' | 'live' | 'log' | 'injectors' | 'journal' | 'guardian'>,
  outbox: Promise<Outbox>,
  signal: AbortSignal,
): Promise<void> {
  const entries = await bench.journal.entries();
  for (const path of await bench.journal.damaged()) {
    bench.log.error({ path }, 'a journal entry cannot be read: its fault may still be on this host');
  }
  await Promise.all(
    entries.map(
      async (entry) =>
        await new Promise<void>((resolve) => {
          void recoverOne(entry, bench, outbox, signal, resolve).then(resolve);
        }),
    ),
  );
}

async function recoverOne(
  entry: JournalEntry,
  bench: Parameters<typeof recover>[0],
  outbox: Promise<Outbox>,
  signal: AbortSignal,
  goOn: () => void,
): Promise<void> {
  const { id, target } = entry.injection;
  const log = bench.log.child({ injection: id });
  log.warn({ mechanism: entry.mechanism, target }, 'an earlier agent left a fault: reverting it');
  const stuck = (error: OrdealError): void => {
    bench.live.stick(id, error.message);
    const { code, message } = error;
    const status = statusOf(id, { state: 'STUCK', error: { code, message }, found: [message] });
    void outbox.then(
      (open) => open.say(status),
      () => undefined,
    );
  };
  try {
    bench.live.adopt(id, entry.mechanism, target, entry.scope);
    const injector = bench.injectors.get(entry.mechanism);
    if (injector === undefined) throw unknownMechanism(entry);
    let tries = 0;
    const onStuck = (error: OrdealError): void => {
      tries += 1;
      stuck(error);
      if (tries === triesBeforeDialling) goOn();
    };
    const pause = async (ms: number): Promise<void> => await sleep(ms, undefined, { ref: false, signal });
    const crashed = await hasCrashed(entry);
    if (crashed) tellCrash(entry, bench.voice);
    const takingAway = { entry, injector, because: 'recovered', pause, onStuck } as const;
    const { effects, endedByGuardian } = await takeAway(takingAway, { ...bench, log });
    const forget = async (): Promise<void> => {
      await bench.journal.remove(id);
      bench.live.remove(id);
    };
    const open = await outbox.catch((error: unknown) => {
      log.error(
        { err: error },
        'what an earlier agent left is gone, but nowhere can be kept how it ended: its journal entry stays for the next start',
      );
    });
    if (open === undefined) return;
    const outcome: Status = crashed || endedByGuardian ? { state: 'ENDED', effects } : cutShort(injector);
    // An earlier agent may have ended it well and not come to remove the entry.
    await settle(open.outcomeOf(id) ?? statusOf(id, outcome), forget, open, log);
    log.info('what an earlier agent left is gone');
  } catch (error) {
    if (!signal.aborted) stuck(OrdealError.from(error, 'REVERT_FAILED'));
  }
}

function cutShort({ descriptor }: Injector): Status {
  const why = `the agent was started anew before ${descriptor.name} had ended; the fault was taken away then`;
  return failed(new OrdealError('ABORTED', why));
}

function unknownMechanism(entry: JournalEntry): OrdealError {
  return new OrdealError(
    'REVERT_FAILED',
    `the journal names a fault of the mechanism "${entry.mechanism}", which this version does not have`,
    { remedy: 'Start the version of Ordeal that made it, which reverts it.' },
  );
}
