import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { run } from '../../command/run.ts';
import { isKind } from '../../events/event.ts';
import { until } from '../until.ts';
import { AgentSetting } from './agent-setting.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root: it faults cgroups';

/** Fills what is free to the last byte. */
async function fillUp(directory: string): Promise<void> {
  let bytes = 64 * 1024;
  for (let file = 0; bytes >= 1; file += 1) {
    const written = await writeFile(join(directory, `filler-${file}`), Buffer.alloc(bytes)).then(
      () => true,
      () => false,
    );
    if (!written) bytes = Math.floor(bytes / 4);
  }
}

async function freeze(setting: AgentSetting): Promise<void> {
  const agent = setting.start();
  const { controller } = setting;
  await controller.begin(setting.injection('i-1', 'cgroup-freeze'));
  await setting.end(agent, 'SIGKILL');
  assert.equal(await setting.container.isFrozen(), true);
  await controller.stop();
}

async function assertRecovered(setting: AgentSetting): Promise<void> {
  await until('the fault is gone', async () => !(await setting.container.isFrozen()));
  await until('and the journal knows', async () => (await setting.journal()).length === 0);
}

/** What an agent says that ends by itself. */
async function lastWords(agent: ReturnType<AgentSetting['start']>): Promise<string> {
  let said = '';
  agent.stderr?.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  const [code] = (await once(agent, 'close')) as [number | null];
  assert.equal(code, 1);
  return said;
}

describe('the next agent reverts what a killed one left', { skip }, () => {
  test('also where its certificate is lost, and then fails for that', async (context) => {
    const setting = await AgentSetting.make(context);
    await freeze(setting);
    await rm(join(setting.settings.certificates, 'agent-host-1.pem'));
    const said = await lastWords(setting.start());
    assert.match(said, /NOT_RUNNING: the certificate file .*agent-host-1\.pem cannot be read/);
    await assertRecovered(setting);
  });

  test('also where its spool cannot be opened, and then fails for that', async (context) => {
    const setting = await AgentSetting.make(context);
    await freeze(setting);
    const spool = join(setting.settings.state, 'spool');
    await rm(spool, { recursive: true });
    await writeFile(spool, '');
    assert.match(await lastWords(setting.start()), /the spool directory .* cannot be used/);
    await assertRecovered(setting);
  });

  test('also where the outcomes of its tasks cannot be read, and then fails for that', async (context) => {
    const setting = await AgentSetting.make(context);
    await freeze(setting);
    const outcomes = join(setting.settings.state, 'outcomes');
    await rm(outcomes, { recursive: true });
    await writeFile(outcomes, '');
    const said = await lastWords(setting.start());
    assert.match(said, /EEXIST|ENOTDIR/);
    assert.match(said, /is gone, but nowhere can be kept how it ended: its journal entry stays/);
    assert.equal(await setting.container.isFrozen(), false);
    assert.equal((await setting.journal()).length, 1);
  });

  test('also where the event store is away, and tells it when that is back', async (context) => {
    const setting = await AgentSetting.make(context);
    await freeze(setting);
    await setting.nats.stop();
    setting.start();
    await assertRecovered(setting);
    await setting.nats.start();
    const events = await setting.eventsUntil((event) => isKind(event, 'injection.reverted'));
    const reverted = events.find((event) => isKind(event, 'injection.reverted'));
    assert.equal(reverted?.body.because, 'recovered');
  });

  test('also where the disk is full', async (context) => {
    const setting = await AgentSetting.make(context);
    const { state } = setting.settings;
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'ordeal-test', state]);
    try {
      await freeze(setting);
      await fillUp(state);
      await assert.rejects(writeFile(join(state, 'more'), 'x'), { code: 'ENOSPC' });
      setting.start();
      await assertRecovered(setting);
    } finally {
      await setting.endAgents();
      await run('umount', [state]);
    }
  });
});
