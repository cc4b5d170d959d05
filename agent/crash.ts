import { monotonicUs, wallUs } from '../clock/monotonic.ts';
import { readBootId } from '../procfs/identity.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { Journal } from './journal.ts';
import type { Voice } from './voice.ts';

/** Before the kernel is told to crash this host: nobody is there afterwards who could say when that was. */
export async function noteCrash(journal: Journal, entry: JournalEntry, startUs: number): Promise<void> {
  const aheadUs = startUs - monotonicUs();
  await journal.writeLast({ ...entry, crash: { monoUs: startUs, wallUs: wallUs() + aheadUs } });
}

/** Whether the host went down after its kernel had been told to crash: what was to be said of the fault then is said now. */
export async function hasCrashed({ crash, injection }: JournalEntry): Promise<boolean> {
  return crash !== undefined && injection.target.bootId !== (await readBootId());
}

/** The fault began when the kernel had been told to: that the host was booted anew is the effect. */
export function tellCrash({ crash, injection, scope }: JournalEntry, voice: Pick<Voice, 'event'>): void {
  if (crash === undefined) return;
  const { monoUs, wallUs: crashWallUs } = crash;
  const active = { kind: 'injection.active', injection: injection.id, appliedUs: monoUs } as const;
  const ofEarlierBoot = { id: injection.target.bootId, wallUs: crashWallUs };
  voice.event(scope, active, { monoUs, ofEarlierBoot });
}
