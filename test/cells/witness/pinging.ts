import { ping } from '../../kernel/guest-link.ts';
import type { Place } from '../../kernel/place.ts';
import type { Witness } from '../proof.ts';

export const pings = { count: 6, intervalMs: 200 };

/** Somebody who pings an address, and counts the answers. */
export function countingAnswers(place: Place, address: string): Witness {
  return async () => {
    const { received } = await ping(place, address, pings);
    return { amount: received, words: `${received} of ${pings.count} pings answered` };
  };
}

/** Somebody who pings an address, and takes the time of the fastest answer. */
export function timingAnswers(place: Place, address: string): Witness {
  return async () => {
    const { roundTripsMs } = await ping(place, address, pings);
    // Without any, nothing can be said of their time.
    if (roundTripsMs.length === 0) throw new Error(`${address} answers no ping`);
    const fastest = Math.min(...roundTripsMs);
    return { amount: fastest, words: `fastest answer after ${fastest.toFixed(1)} ms` };
  };
}

/** Somebody who pings an address with a kilobyte of one byte's repetition, and compares what comes back. */
export function comparingAnswers(place: Place, address: string): Witness {
  return async () => {
    const how = `-c ${pings.count} -i ${pings.intervalMs / 1000} -W 1 -s 1000 -p 5a`;
    const { stdout } = await place.run(`ping -n ${how} ${address}`);
    const wrong = [...stdout.matchAll(/^wrong data byte /gm)].length;
    const answers = [...stdout.matchAll(/icmp_seq=/g)].length;
    return { amount: wrong, words: `wrong data in ${wrong} of ${answers} answers` };
  };
}
