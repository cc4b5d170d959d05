import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ClockOffset } from '../../agent/clock-offset.ts';
import { Lease } from '../../agent/lease.ts';
import { Outbox } from '../../agent/outbox.ts';
import { Session } from '../../agent/session.ts';
import { ensureAuthority, issueCertificate } from '../../service/certificates.ts';
import { tlsFiles } from '../../service/credentials.ts';
import { createLog } from '../../service/log.ts';
import { AgentController } from './agent-controller.ts';
import { freePort } from '../free-port.ts';

test('after many redials only one beat comes each period', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-session-'));
  context.after(async () => await rm(directory, { recursive: true }));
  await ensureAuthority(directory);
  await issueCertificate(directory, { name: 'controller', role: 'controller', addresses: ['127.0.0.1'] });
  await issueCertificate(directory, { name: 'agent-host-1', role: 'agent', addresses: [] });
  const controller = new AgentController(`127.0.0.1:${await freePort()}`, tlsFiles(directory, 'controller'));
  await controller.start();
  context.after(async () => await controller.stop());
  const session = new Session({
    controller: controller.address,
    tls: tlsFiles(directory, 'agent-host-1'),
    hello: () => ({ host: 'host-1' }),
    lease: new Lease(),
    clock: new ClockOffset(),
    outbox: await Outbox.open(directory),
    onDial: () => undefined,
    onTasks: () => undefined,
    onAcknowledged: () => undefined,
    log: createLog('test', { level: 'silent' }),
  });
  session.start();
  context.after(async () => await session.stop());
  const redials = 10;
  for (let dials = 1; dials <= redials; dials += 1) {
    await controller.until(`dial ${dials}`, () => controller.hellos[dials - 1]);
    await controller.until('the session answers', () => (session.connected ? true : undefined));
    if (dials < redials) controller.hangUp();
  }
  controller.beats.length = 0;
  // Ten periods' worth, and the beats by which the clocks are compared at the beginning of a session.
  const beats = await controller.until('beats', () =>
    controller.beats.length >= 14 ? controller.beats : undefined,
  );
  const tookUs = (beats[13] ?? 0) - (beats[4] ?? 0);
  assert.ok(tookUs > 3_000_000, `ten beats within ${tookUs} us, where a period is half a second`);
});
