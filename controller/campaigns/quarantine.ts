import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { isFinal } from '../fleet/observed.ts';
import { limits } from '../trial/limits.ts';

/** An agent tries a failed revert again by itself for so long before a person has to look. */
const patienceUs = 60_000_000;
const lookEveryMs = 2_000;

/** Looks at the hosts in quarantine until they are clean; answers why not, where they stay dirty. */
export async function waitUntilClean(
  fleet: Fleet,
  hosts: readonly string[],
  signal: AbortSignal,
): Promise<OrdealError | undefined> {
  const untilUs = monotonicUs() + patienceUs;
  for (;;) {
    const dirty = hosts.filter((host) => fleet.host(host).quarantinedBecause.length > 0);
    if (dirty.length === 0 || signal.aborted) return undefined;
    await Promise.all(dirty.map(async (host) => await lookAgain(fleet, host, signal)));
    const [still] = dirty.filter((host) => fleet.host(host).quarantinedBecause.length > 0);
    if (still === undefined) continue;
    if (monotonicUs() > untilUs) {
      const found = fleet.host(still).quarantinedBecause.join('; ');
      return new OrdealError('DIRTY_HOST', `host "${still}" stays in quarantine: ${found}`);
    }
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

async function lookAgain(fleet: Fleet, host: string, signal: AbortSignal): Promise<void> {
  const id = `quarantine-${randomBytes(5).toString('hex')}`;
  fleet.assign(host, { id, hostCheck: {} });
  try {
    const status = await fleet.waitFor(id, isFinal, { withinUs: limits.hostCheckUs, signal });
    if (status.state === 'ENDED') fleet.host(host).quarantinedBecause = status.found;
  } catch {
    // Whoever does not answer stays in quarantine.
  } finally {
    fleet.forget(id);
  }
}
