import { monotonicUs } from '../../clock/monotonic.ts';
import type { EventBody } from '../../events/event.ts';
import { leaseUs } from '../fleet/lease.ts';
import type { Attempt } from './attempt.ts';

/** What is known of a host at one instant. */
interface Sight {
  readonly heardUs: number | undefined;
  readonly bootId: string | undefined;
  readonly bootedUs: number | undefined;
}

const lookEveryMs = 200;
/** A look that comes so late has been held up with all of this process: what has come meanwhile is heard before the next one. */
const heldUpUs = 1_000_000;

/** Says of each host of an attempt when it has gone silent, and when it is back whether it had crashed; until the answer is called. */
export function tellPresence({ hosts, options }: Attempt): () => void {
  const { fleet, say } = options;
  const presences = hosts.map((name) => ({ host: fleet.host(name), presence: new Presence(name) }));
  let lookedUs = monotonicUs();
  const look = (): void => {
    const sinceUs = monotonicUs() - lookedUs;
    lookedUs += sinceUs;
    if (sinceUs > heldUpUs) return;
    for (const { host, presence } of presences) {
      const { heardUs, hello, bootedUs } = host;
      const changed = presence.see({ heardUs, bootId: hello?.bootId, bootedUs }, monotonicUs());
      if (changed !== undefined) say(changed);
    }
  };
  look();
  const timer = setInterval(look, lookEveryMs);
  return () => {
    clearInterval(timer);
    // What the last step has waited for is told, too.
    look();
  };
}

/** Tells a host that has crashed from one that was only silent, by the boot in which it comes back. */
export class Presence {
  readonly #host: string;
  /** When it was last heard of, in which boot; undefined until it has been there once. */
  #last: { readonly heardUs: number; readonly bootId: string } | undefined;
  #isSilent = false;

  constructor(host: string) {
    this.#host = host;
  }

  /** What is to be said of a change since the last look. */
  see({ heardUs, bootId, bootedUs }: Sight, nowUs: number): EventBody | undefined {
    if (heardUs === undefined || bootId === undefined) return undefined;
    const last = this.#last;
    if (nowUs - heardUs >= leaseUs) {
      // One that was away before it was ever seen has not gone.
      if (last === undefined || this.#isSilent) return undefined;
      this.#last = { heardUs, bootId };
      this.#isSilent = true;
      return { kind: 'host.silent', of: this.#host, lastHeardUs: heardUs };
    }
    const wasSilent = this.#isSilent;
    this.#last = { heardUs, bootId };
    this.#isSilent = false;
    const crashed = last !== undefined && last.bootId !== bootId;
    // A boot may be quicker than a silence is noticed.
    if (last === undefined || (!wasSilent && !crashed)) return undefined;
    const back = { lastHeardUs: last.heardUs, returnedUs: heardUs, crashed };
    const anew = crashed && bootedUs !== undefined ? { bootedUs } : {};
    return { kind: 'host.returned', of: this.#host, ...back, ...anew };
  }
}
