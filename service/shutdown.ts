import { OrdealError } from '../errors/ordeal-error.ts';
import type { Log } from './log.ts';
import type { Running } from './running.ts';

interface ShutdownOptions {
  readonly log: Log;
  /** Stopped in this order, each when the one before has ended. */
  readonly running: readonly (Running & { readonly name: string })[];
  readonly deadlineMs?: number;
}

/** Below what systemd and Docker wait before they kill. */
const defaultDeadlineMs = 10_000;

/** Ends this process, once and orderly, on SIGTERM or SIGINT; at once, and with 1, on the second of them or after the deadline. */
export function shutdownOnSignals(options: ShutdownOptions): void {
  const { log, deadlineMs = defaultDeadlineMs } = options;
  const left = new Set(options.running.map(({ name }) => name));
  let isEnding = false;
  const giveUp = (why: string): void => {
    log.error({ left: [...left] }, why);
    process.exit(1);
  };
  const end = (signal: NodeJS.Signals): void => {
    if (isEnding) {
      giveUp(`ends at once: ${signal} came again`);
      return;
    }
    isEnding = true;
    log.info({ signal }, 'ending');
    setTimeout(() => giveUp(`not all has ended within ${deadlineMs / 1000} s`), deadlineMs);
    void stopAll(options, left).then((isClean) => process.exit(isClean ? 0 : 1));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

/** One that cannot stop does not keep the next ones from it. */
async function stopAll({ running, log }: ShutdownOptions, left: Set<string>): Promise<boolean> {
  let isClean = true;
  for (const one of running) {
    try {
      await one.stop();
      left.delete(one.name);
    } catch (error) {
      isClean = false;
      log.error({ name: one.name, why: OrdealError.from(error).message }, 'it did not stop orderly');
    }
  }
  return isClean;
}
