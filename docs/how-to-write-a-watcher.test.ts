import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Ear, Source } from '../agent/watch/source.ts';
import { watchSource } from '../agent/watch/watcher.ts';
import type { EventBody } from '../events/event.ts';
import { OrdealError } from '../errors/ordeal-error.ts';

/** What a switch sends as syslog over UDP: a watcher by the words of the document, and by nothing else. */
class SyslogSocket implements Source {
  readonly of = 'log';
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  async follow(ear: Ear, signal: AbortSignal): Promise<void> {
    const socket = createSocket('udp4');
    socket.on('message', (bytes) => ear.line(bytes));
    const ended = once(signal, 'abort');
    try {
      socket.bind(this.#port, '127.0.0.1');
      await once(socket, 'listening').catch((cause: unknown) => {
        throw new OrdealError('PORT_TAKEN', `port ${this.#port} cannot be had`, { cause });
      });
      ear.ready();
      if (!signal.aborted) await ended;
    } finally {
      socket.close();
    }
  }
}

/** A port of a socket that is open, and so cannot be had a second time. */
async function openSocket(): Promise<{ socket: Socket; port: number }> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { socket, port: socket.address().port };
}

test('a watcher by the words of the document makes events of what it hears, dated by their own stamps', async () => {
  const { socket: probe, port } = await openSocket();
  probe.close();
  const said: EventBody[] = [];
  const ending = new AbortController();
  const tell = (body: EventBody): void => {
    said.push(body);
    if (body.kind === 'watch.line') ending.abort();
  };
  const onReady = (): void => {
    const sender = createSocket('udp4');
    const line = `<187>1 ${new Date().toISOString()} switch-1 lldp - - - port 7: link down`;
    sender.send(line, port, '127.0.0.1', () => sender.close());
  };
  await watchSource(new SyslogSocket(port), { watch: 'switch', tell, onReady, signal: ending.signal });
  assert.deepEqual(
    said.map(({ kind }) => kind),
    ['watch.started', 'watch.line', 'watch.ended'],
  );
  const line = said[1];
  assert.ok(line?.kind === 'watch.line' && line.stamped);
  assert.match(line.text, /link down$/);
});

test('where it cannot hear anything, it says so and why', async () => {
  const { socket, port } = await openSocket();
  const said: EventBody[] = [];
  const tell = (body: EventBody): void => {
    said.push(body);
  };
  const { signal } = new AbortController();
  const watching = { watch: 'switch', tell, onReady: () => undefined, signal };
  await assert.rejects(watchSource(new SyslogSocket(port), watching), { code: 'PORT_TAKEN' });
  socket.close();
  assert.deepEqual(said, [
    { kind: 'watch.ended', watch: 'switch', lines: 0, dropped: 0, failed: `port ${port} cannot be had` },
  ]);
});
