import type { AbortConditions } from '../../campaign/abort-condition.ts';
import { formatDuration } from '../../clock/duration.ts';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Fleet } from '../fleet/fleet.ts';

const lookEveryMs = 500;

/** Tells, once, when too few of the hosts have been there for too long; until the answer is called. */
export function watchHosts(
  fleet: Fleet,
  hosts: readonly string[],
  asked: AbortConditions['hosts'],
  tooFew: (reason: string) => void,
): () => void {
  if (asked === undefined) return () => undefined;
  const { atLeast, withinUs } = asked;
  // A controller that was just started has not heard of anybody yet.
  let enoughUs = monotonicUs();
  const timer = setInterval(() => {
    const there = hosts.filter((name) => {
      const { connected, quarantinedBecause } = fleet.host(name);
      return connected && quarantinedBecause.length === 0;
    });
    if (there.length >= atLeast) enoughUs = monotonicUs();
    if (monotonicUs() - enoughUs <= withinUs) return;
    clearInterval(timer);
    const found = there.length === 0 ? 'none' : there.join(', ');
    tooFew(
      `fewer than ${atLeast} of its hosts are connected and clean, for more than ${formatDuration(withinUs)}: ${found}`,
    );
  }, lookEveryMs);
  return () => clearInterval(timer);
}
