import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type ListenOptions } from 'node:net';

/** The kernel gives the ports from here on to whoever asks for any; those below are taken by name only. */
const kernelsOwn = Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s/)[0]);
const lowest = 10_000;

/** The first of so many ports in a row that nobody listens on, and that no other test of this machine is given while this process lives. */
export async function freePort(inARow = 1): Promise<number> {
  for (;;) {
    const first = lowest + Math.floor(Math.random() * (kernelsOwn - lowest - inARow));
    const ports = Array.from({ length: inARow }, (_, index) => first + index);
    const free = await Promise.all(ports.map(async (port) => (await claim(port)) && (await isFree(port))));
    if (free.every(Boolean)) return first;
  }
}

/** By a name that goes with the process, however that ends. */
async function claim(port: number): Promise<boolean> {
  return (await listen({ path: `\0ordeal-test-port-${port}` })) !== undefined;
}

async function isFree(port: number): Promise<boolean> {
  const server = await listen({ port });
  server?.close();
  if (server !== undefined) await once(server, 'close');
  return server !== undefined;
}

async function listen(where: ListenOptions): Promise<ReturnType<typeof createServer> | undefined> {
  const server = createServer().unref();
  return await new Promise((resolve) => {
    server.once('listening', () => resolve(server)).once('error', () => resolve(undefined));
    server.listen(where);
  });
}
