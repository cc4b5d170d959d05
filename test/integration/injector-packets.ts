import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** What was sent and what came of it, by the address it was sent to; instants in microseconds of the monotonic clock. */
export interface Flow {
  readonly sentUs: ReadonlyMap<number, number>;
  readonly receivedUs: ReadonlyMap<number, number>;
}

interface Sending {
  readonly from: string;
  readonly to: string;
  readonly addresses: readonly string[];
  /** So many to each address; without a number, until `sending` is over. */
  readonly count?: number;
  /** How many packets go to each address in each millisecond. */
  readonly perMs: number;
}

const receiver = `
  const { createSocket } = require('node:dgram');
  const received = {};
  let quiet = 0;
  for (const address of process.argv.slice(1)) {
    received[address] = [];
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4194304 });
    socket.on('message', (message) => (quiet = 0, received[address].push([message.readUInt32BE(0), Number(process.hrtime.bigint() / 1000n)])));
    socket.bind(7777, address);
    socket.on('listening', () => console.log('ready'));
  }
  // On a busy machine packets still wait in the kernel when the last one was sent.
  process.stdin.on('data', () => setInterval(() => {
    quiet += 1;
    if (quiet < 10) return;
    console.log(JSON.stringify(received));
    process.exit(0);
  }, 20));
`;

const sender = `
  const { createSocket } = require('node:dgram');
  const [count, perMs, ...addresses] = process.argv.slice(1);
  const socket = createSocket('udp4');
  const sent = Object.fromEntries(addresses.map((address) => [address, []]));
  const step = (address, number) => new Promise((resolve) => {
    const message = Buffer.alloc(32);
    message.writeUInt32BE(number);
    sent[address].push([number, Number(process.hrtime.bigint() / 1000n)]);
    // What a firewall drops on the way out is told to the sender; it counts as sent.
    socket.send(message, 7777, address, resolve);
  });
  let isOver = false;
  process.stdin.on('data', () => (isOver = true));
  (async () => {
    const begunAt = performance.now();
    for (let number = 0; count === 'any' ? !isOver : number < Number(count); number += 1) {
      const wait = begunAt + number / Number(perMs) - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      for (const address of addresses) await step(address, number);
    }
    console.log(JSON.stringify(sent));
    process.exit(0);
  })();
`;

const rows = z.record(z.string(), z.array(z.tuple([z.number(), z.number()])));

/** Sends numbered packets from one namespace to another. `sending` is called when the first ones are about to go. */
export async function exchange(
  { from, to, addresses, count, perMs }: Sending,
  sending: () => Promise<void> = async () => await Promise.resolve(),
): Promise<ReadonlyMap<string, Flow>> {
  const receiving = inNamespace(to, receiver, addresses);
  try {
    const lines = linesOf(receiving);
    for (let ready = 0; ready < addresses.length; ready += 1) await lines.next();
    const sends = inNamespace(from, sender, [String(count ?? 'any'), String(perMs), ...addresses]);
    try {
      const over = sending().finally(() => sends.stdin?.write('end\n'));
      const [sent] = await Promise.all([linesOf(sends).next(), over]);
      receiving.stdin?.write('end\n');
      const received = await lines.next();
      return join(
        addresses,
        rows.parse(JSON.parse(String(sent.value))),
        rows.parse(JSON.parse(String(received.value))),
      );
    } finally {
      await end(sends);
    }
  } finally {
    await end(receiving);
  }
}

/** The numbers that were sent and did not arrive. */
export function lostOf({ sentUs, receivedUs }: Flow): number[] {
  return [...sentUs.keys()].filter((number) => !receivedUs.has(number));
}

function join(
  addresses: readonly string[],
  sent: z.infer<typeof rows>,
  received: z.infer<typeof rows>,
): Map<string, Flow> {
  return new Map(
    addresses.map((address) => [
      address,
      { sentUs: new Map(sent[address]), receivedUs: new Map(received[address]) },
    ]),
  );
}

function inNamespace(name: string, program: string, args: readonly string[]): ChildProcess {
  const node = [process.execPath, '--input-type=commonjs', '--eval', program, ...args];
  return spawn('nsenter', [`--net=/run/netns/${name}`, '--', ...node], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

function linesOf(child: ChildProcess): AsyncIterator<string> {
  if (child.stdout === null) throw new Error('it was started without an output');
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
