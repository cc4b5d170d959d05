import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from '../../events/bus.ts';
import type { Log } from '../../service/log.ts';
import type { Running } from '../../service/running.ts';
import type { MeasureGauges } from './measure-gauges.ts';
import type { Recorder } from './recorder.ts';

/** One name for ever: with it the server remembers what was taken in before a restart. */
const durable = 'metrics';

const lookForIncompleteEveryMs = 1_000;
const tryAgainAfterMs = 1_000;

/** Takes everything from the two streams into the recorder; acknowledges what is saved. */
export function intake(bus: Bus, recorder: Recorder, gauges: MeasureGauges, log: Log): Running {
  const ending = new AbortController();
  const { signal } = ending;
  const loops = [
    forever(log, signal, async () => {
      await bus.ensureStreams(signal);
      for await (const { event, ack } of bus.events({ durable, signal })) {
        recorder.event(event);
        ack();
        gauges.tookEvent();
      }
    }),
    forever(log, signal, async () => {
      await bus.ensureStreams(signal);
      for await (const { batch, ack } of bus.samples({ durable, signal })) {
        recorder.samples(batch);
        ack();
        gauges.tookSamples(batch);
      }
    }),
    forever(log, signal, async () => {
      await sleep(lookForIncompleteEveryMs, undefined, { signal });
      await recorder.lookForIncomplete();
    }),
  ];
  return {
    stop: async () => {
      ending.abort();
      await Promise.all(loops);
    },
  };
}

/** A nats-server that is away, a disk that is full: neither may end the intake; what was not acknowledged comes again. */
async function forever(log: Log, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const isEnding = (): boolean => signal.aborted;
  while (!isEnding()) {
    try {
      await work();
    } catch (err) {
      if (isEnding()) return;
      log.warn({ err }, 'the intake pauses');
      await sleep(tryAgainAfterMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
