import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { FrameReader } from './frame-reader.ts';
import { Switch, type Port } from './switch.ts';

/** What waits for a machine that does not read; beyond it frames are lost, as in any switch. */
const longestQueueBytes = 1024 * 1024;

/** A switch on a unix socket; each machine that connects is a port, until it is gone or sends what is no frame. */
export async function listenAsSwitch(
  path: string,
  onPortEnd: (why: string) => void = () => undefined,
): Promise<Server> {
  const ethernet = new Switch(() => monotonicUs() / 1000);
  const server = createServer((socket) => connectPort(ethernet, socket, onPortEnd));
  server.listen(path);
  await once(server, 'listening');
  return server;
}

function connectPort(ethernet: Switch, socket: Socket, onEnd: (why: string) => void): void {
  const reader = new FrameReader();
  const port: Port = {
    send: (frame) => {
      if (socket.writableLength <= longestQueueBytes) socket.write(frame);
    },
  };
  ethernet.attach(port);
  socket.on('data', (bytes) => {
    try {
      for (const frame of reader.read(bytes)) ethernet.receive(frame, port);
    } catch (error) {
      socket.destroy(OrdealError.from(error));
    }
  });
  let why = 'the machine has left';
  socket.on('error', (error) => (why = error.message));
  socket.on('close', () => {
    ethernet.detach(port);
    onEnd(why);
  });
}
