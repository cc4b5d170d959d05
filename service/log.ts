import pino, { type Logger } from 'pino';

export type Log = Logger;

interface LogOptions {
  readonly level?: string;
}

/** JSON lines on standard error; on a terminal, lines for people. Children carry campaign, trial and injection. */
export function createLog(name: string, options: LogOptions = {}): Log {
  const level = options.level ?? process.env.ORDEAL_LOG ?? 'info';
  const destination = 2;
  if (process.stderr.isTTY) {
    const pretty = { target: 'pino-pretty', options: { destination, ignore: 'pid,hostname' } };
    return pino({ name, level, transport: pretty });
  }
  return pino({ name, level }, pino.destination({ dest: destination, sync: true }));
}
