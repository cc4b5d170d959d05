import { OrdealError } from '../errors/ordeal-error.ts';

/** The first of the ports of `ordeal up`. */
export const defaultPort = 7700;

/** The ports of `ordeal up`, all on the loopback. */
export function portsFrom(first: number) {
  return {
    control: first,
    metrics: first + 1,
    nats: first + 2,
    status: { controller: first + 3, metrics: first + 4, agent: first + 5 },
  };
}

export function portOption(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1024 || port > 65_530) {
    throw new OrdealError('INVALID_INPUT', `--port is "${text}"; it has to be a port from 1024 to 65530`);
  }
  return port;
}
