import { seeded } from '../../injectors/seeded.ts';
import type { TrialLines } from '../../metrics/import/event-lines.ts';
import type { RequestLine } from '../../metrics/import/request-lines.ts';

/** A trial of the thesis, at 133 requests a second: 300 s, of which the fault is there from 80 s to 140 s, and one timeout of load beyond. */
export const second = 1_000_000;
export const timeoutUs = 4 * second;
const spacingUs = 7_600;

export type Kind = 'none' | 'unavailability' | 'delay' | 'corruption';

/** What the users of a made-up service felt: latencies that are log-normal, outages and errors while the fault is there and a while after it. */
export function* madeRequests(
  trial: string,
  kind: Kind,
  rows: number,
  startUs: number,
): Generator<RequestLine> {
  const random = seeded(360, trial);
  const outage = { fromUs: 80 * second, untilUs: (90 + 70 * random()) * second };
  for (let row = 0; row < rows; row += 1) {
    const atUs = row * spacingUs;
    const during = atUs >= 80 * second && atUs < 140 * second;
    const isOut = kind === 'unavailability' && atUs >= outage.fromUs && atUs < outage.untilUs;
    const fails = random() < (isOut ? 0.7 : during && kind === 'corruption' ? 0.08 : 0.0004);
    const slow = during && kind === 'delay' ? 60 : 1;
    // The sum of six is near enough to normal, and needs no logarithm of nothing.
    const normal = random() + random() + random() + random() + random() + random() - 3;
    const tookUs = Math.round(3_000 * slow * Math.exp(0.9 * normal));
    const intendedUs = startUs + atUs;
    const sentUs = intendedUs + Math.floor(40 * random());
    yield {
      trial,
      intendedUs,
      sentUs,
      answeredUs: fails ? intendedUs + timeoutUs : sentUs + tookUs,
      outcome: fails ? (isOut ? 'timeout' : 'error') : 'ok',
      requestClass: 'get',
    };
  }
}

/** When the trial was what, and what a load balancer wrote of it. */
export function madeLines(trial: string, kind: Kind, startUs: number): TrialLines {
  const at = (seconds: number): number => startUs + seconds * second;
  const line = (seconds: number, text: string) =>
    ({ kind: 'line', trial, atUs: at(seconds), watch: 'front', text }) as const;
  return {
    started: { kind: 'started', trial, atUs: at(20) },
    injected: { kind: 'injected', trial, atUs: at(80) },
    removed: { kind: 'removed', trial, atUs: at(140), effects: 1_000, clean: true },
    ended: { kind: 'ended', trial, atUs: at(300) },
    lines: kind === 'unavailability' ? [line(84, 'web is DOWN'), line(165, 'web is UP')] : [],
  };
}
