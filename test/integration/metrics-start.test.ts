import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { catalogue } from '../../errors/catalogue.ts';
import { ensureAuthority, issueCertificate } from '../../service/certificates.ts';
import { freePort } from '../free-port.ts';
import { setup } from './nats-server.ts';

const main = join(import.meta.dirname, '../../cli/main.ts');
/** Node takes a second or two to start; what hangs, hangs for ever. */
const endsWithinMs = 30_000;

/** Starts the metrics service in a folder of its own, and answers when it has ended. */
async function metrics(
  context: TestContext,
  { nats, certificates, ports }: { nats: string; certificates: string; ports: readonly string[] },
  onSaid: (said: string, child: ChildProcess) => void = () => undefined,
): Promise<{ code: number | null; said: string }> {
  await issueCertificate(certificates, { name: 'metrics', role: 'metrics', addresses: [] });
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-metrics-start-'));
  context.after(async () => await rm(directory, { recursive: true }));
  const files = ['--state', join(directory, 'state'), '--runs', join(directory, 'runs')];
  const argv = ['metrics', '--nats', nats, '--certificates', certificates, ...files, ...ports];
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...argv], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: endsWithinMs,
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
    onSaid(said, child);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

/** host:port, which nobody else can listen on until the test has ended. */
async function takenPort(context: TestContext): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

test('the metrics service ends where its port is taken', async (context) => {
  const server = await setup();
  context.after(async () => await server.cleanup());
  const port = await takenPort(context);
  const { servers: nats, certificates } = server;
  const ports = ['--listen', `127.0.0.1:${port}`];
  const { code, said } = await metrics(context, { nats, certificates, ports });
  assert.ok(said.includes(`127.0.0.1:${port} is taken by another process`), said);
  assert.equal(code, catalogue.PORT_TAKEN.exit);
});

test('it ends where the port of its status is taken and the event store is away', async (context) => {
  const certificates = await mkdtemp(join(tmpdir(), 'ordeal-certificates-'));
  context.after(async () => await rm(certificates, { recursive: true }));
  await ensureAuthority(certificates);
  const port = await takenPort(context);
  const ports = ['--listen', `127.0.0.1:${await freePort()}`, '--status-port', String(port)];
  const nats = `127.0.0.1:${await freePort()}`;
  const { code, said } = await metrics(context, { nats, certificates, ports });
  assert.ok(said.includes(`127.0.0.1:${port} is taken by another process`), said);
  assert.equal(code, catalogue.PORT_TAKEN.exit);
});

test('a signal that comes during the start ends it in order', async (context) => {
  const server = await setup();
  context.after(async () => await server.cleanup());
  const { servers: nats, certificates } = server;
  const ports = ['--listen', `127.0.0.1:${await freePort()}`];
  let isSignalled = false;
  // It opens its spool before it listens.
  const { code, said } = await metrics(context, { nats, certificates, ports }, (soFar, child) => {
    if (isSignalled || !soFar.includes('the spool is open')) return;
    isSignalled = true;
    child.kill('SIGTERM');
  });
  assert.ok(isSignalled, said);
  assert.equal(code, 0, said);
});
