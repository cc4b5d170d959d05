import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { FrameReader } from './frame-reader.ts';
import { formatSeen } from './frame-witness.ts';
import { Switch, type Port } from './switch.ts';

/** What waits for a machine that does not read; beyond it frames are lost, as in any switch. */
const longestQueueBytes = 1024 * 1024;

interface SwitchSockets {
  /** Each machine that connects here is a port, until it is gone or sends what is no frame. */
  readonly ports: string;
  /** Whoever connects here is told of every frame that comes, a line each. */
  readonly frames: string;
}

/** A switch on unix sockets. */
export async function listenAsSwitch(
  { ports, frames }: SwitchSockets,
  onPortEnd: (why: string) => void = () => undefined,
): Promise<readonly Server[]> {
  const ethernet = new Switch(() => monotonicUs() / 1000);
  const witnesses = new Set<Socket>();
  const seen = (frame: Buffer): void => {
    if (witnesses.size === 0) return;
    const line = `${formatSeen(frame, monotonicUs())}\n`;
    for (const witness of witnesses) {
      // One that does not keep up would believe that frames were missing.
      if (witness.writableLength > longestQueueBytes) witness.destroy();
      else witness.write(line);
    }
  };
  // First for those who listen: whoever finds a switch can hear it.
  const telling = await listening(frames, (socket) => connectWitness(witnesses, socket));
  return [telling, await listening(ports, (socket) => connectPort(ethernet, socket, seen, onPortEnd))];
}

async function listening(path: string, onSocket: (socket: Socket) => void): Promise<Server> {
  const server = createServer(onSocket);
  server.listen(path);
  await once(server, 'listening');
  return server;
}

function connectPort(
  ethernet: Switch,
  socket: Socket,
  seen: (frame: Buffer) => void,
  onEnd: (why: string) => void,
): void {
  const reader = new FrameReader();
  const port: Port = {
    send: (frame) => {
      if (socket.writableLength <= longestQueueBytes) socket.write(frame);
    },
  };
  ethernet.attach(port);
  socket.on('data', (bytes) => {
    try {
      for (const frame of reader.read(bytes)) {
        seen(frame);
        ethernet.receive(frame, port);
      }
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

function connectWitness(witnesses: Set<Socket>, socket: Socket): void {
  witnesses.add(socket);
  socket.on('error', () => undefined);
  socket.on('close', () => witnesses.delete(socket));
  socket.resume();
}
