import type { Agent } from 'node:http';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Outcome } from '../../events/sample-columns.ts';
import type { RowBuffer } from '../row-buffer.ts';
import { exchange } from './exchange.ts';
import type { RequestClass } from './request-class.ts';
import { at } from './ticker.ts';

interface Run {
  readonly classes: readonly RequestClass[];
  readonly agent: Agent;
  readonly startUs: number;
  /** From the start. */
  readonly sendsUs: Float64Array;
  /** The class of each send. */
  readonly chosen: Uint16Array;
  readonly timeoutUs: number;
  readonly rows: RowBuffer;
}

/** How often the requests are looked through for those whose time is over; how late a timeout is noticed. */
const sweepMs = 5;

/**
 * Sends every request at its intended instant, whatever became of those before it. Calls `done` when the outcome of the last one is known.
 * Answers how to end it at once.
 */
export function generate(run: Run, done: () => void): () => void {
  const { sendsUs, timeoutUs } = run;
  const intendedUs = (send: number): number => run.startUs + (sendsUs[send] ?? 0);
  const giveUps = new Map<number, () => void>();
  let next = 0;
  let cancelNext = (): void => undefined;
  let finished = false;
  const sweeper = setInterval(sweep, sweepMs);

  function record(send: number, sentUs: number, answeredUs: number, outcome: Outcome): void {
    giveUps.delete(send);
    run.rows.add(intendedUs(send), sentUs, answeredUs, run.chosen[send] ?? 0, outcome);
    if (next === sendsUs.length && giveUps.size === 0) finish();
  }

  /** The requests are held in the order of their sends, so those that are overdue stand first. */
  function sweep(): void {
    const nowUs = monotonicUs();
    for (const [send, giveUp] of giveUps) {
      if (nowUs < intendedUs(send) + timeoutUs) return;
      giveUp();
    }
  }

  function send(number: number): void {
    const kind = run.classes[run.chosen[number] ?? 0];
    if (kind === undefined) return;
    const sentUs = monotonicUs();
    const deadlineUs = intendedUs(number) + timeoutUs;
    const abandon = exchange(kind, run.agent, (outcome) => {
      const nowUs = monotonicUs();
      record(number, sentUs, nowUs, nowUs > deadlineUs ? 'timeout' : outcome);
    });
    giveUps.set(number, () => {
      abandon();
      record(number, sentUs, monotonicUs(), 'timeout');
    });
  }

  function sendDue(): void {
    const nowUs = monotonicUs();
    while (next < sendsUs.length && intendedUs(next) <= nowUs) {
      next += 1;
      send(next - 1);
    }
    if (next < sendsUs.length) cancelNext = at(intendedUs(next), sendDue);
  }

  function finish(): void {
    if (finished) return;
    finished = true;
    clearInterval(sweeper);
    cancelNext();
    done();
  }

  if (sendsUs.length === 0) finish();
  else cancelNext = at(intendedUs(0), sendDue);
  return finish;
}
