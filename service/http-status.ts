import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { collectDefaultMetrics, type Registry } from 'prom-client';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Running } from './running.ts';

interface HttpStatusOptions {
  /** host:port, loopback only; port 0 takes a free one. */
  readonly address: string;
  readonly registry: Registry;
  /** Undefined where all is well; else what is not, for the answer 503. */
  readonly unhealthy: () => string | undefined;
}

export interface HttpStatus extends Running {
  readonly address: string;
}

/** Serves /metrics (the registry and the default metrics of a process) and /healthz. */
export async function startHttpStatus(options: HttpStatusOptions): Promise<HttpStatus> {
  const { host, port } = parseAddress(options.address);
  collectDefaultMetrics({ register: options.registry });
  const server = createServer((request, response) => void answer(options, request, response));
  await listen(server, host, port, options.address);
  const bound = server.address();
  let stopped: Promise<unknown> | undefined;
  return {
    address: `${host}:${typeof bound === 'object' ? (bound?.port ?? port) : port}`,
    stop: async () => {
      if (stopped === undefined) {
        stopped = once(server, 'close');
        server.close();
        server.closeAllConnections();
      }
      await stopped;
    },
  };
}

async function answer(
  { registry, unhealthy }: HttpStatusOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const say = (status: number, type: string, text: string): void => {
    response.writeHead(status, { 'content-type': type }).end(text);
  };
  const plain = 'text/plain; charset=utf-8';
  try {
    if (request.method !== 'GET' && request.method !== 'HEAD') say(405, plain, 'GET only\n');
    else if (request.url === '/metrics') say(200, registry.contentType, await registry.metrics());
    else if (request.url === '/healthz') {
      const problem = unhealthy();
      say(problem === undefined ? 200 : 503, plain, `${problem ?? 'ok'}\n`);
    } else say(404, plain, 'There are /metrics and /healthz.\n');
  } catch (error) {
    say(500, plain, `${OrdealError.from(error).message}\n`);
  }
}

function parseAddress(address: string): { host: string; port: number } {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(address) ?? [];
  const isLoopback =
    host === 'localhost' || host === '[::1]' || (isIP(host ?? '') === 4 && host?.startsWith('127.'));
  if (host !== undefined && isLoopback === true) return { host, port: Number(port) };
  // It has no TLS, so nobody from outside may reach it.
  throw new OrdealError(
    'INVALID_INPUT',
    `"${address}" cannot serve /metrics: the address has to be on loopback, such as 127.0.0.1:0`,
  );
}

async function listen(server: Server, host: string, port: number, address: string): Promise<void> {
  server.listen(port, host.replace(/^\[|\]$/g, ''));
  try {
    await once(server, 'listening');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')
      throw new OrdealError('PORT_TAKEN', `${address} is taken by another process`, { cause });
    throw cause;
  }
}
