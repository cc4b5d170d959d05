import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify } from '../../procfs/identity.ts';
import { isKind } from '../../events/event.ts';
import type { Task } from '../../proto/generated/ordeal/v1/Task.ts';
import { until } from '../until.ts';
import { AgentSetting } from './agent-setting.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root: it faults cgroups';

function work(id: string, what: Partial<Task>): Task {
  return { id, campaign: 'test', trial: 't001', attempt: 1, ...what };
}

describe('the agent', { skip }, () => {
  test('stages, starts, ends and proves a fault by its own clock, and closes the attempt', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller, container } = setting;
    setting.start();
    const order = setting.injection('i-1', 'cgroup-freeze', { durationUs: 4_000_000 });
    controller.want(order);
    const staged = await controller.status('i-1', 'STAGED', 'FAILED');
    assert.equal(staged.state, 'STAGED', staged.errorMessage);
    assert.deepEqual(await setting.journal(), ['i-1.json']);
    assert.equal(await container.isFrozen(), false);

    const startUs = controller.nowUs + 3_000_000;
    const started = setting.injection('i-1', 'cgroup-freeze', { startUs, durationUs: 4_000_000 });
    controller.want(started);
    controller.want(started);
    await controller.status('i-1', 'ACTIVE');
    assert.equal(await container.isFrozen(), true);
    const ended = await controller.status('i-1', 'ENDED', 'FAILED');
    assert.equal(ended.state, 'ENDED', ended.errorMessage);
    assert.equal(ended.effects?.count, 1);
    assert.equal(await container.isFrozen(), false);
    assert.deepEqual(await setting.journal(), []);

    controller.want(started, work('check-1', { hostCheck: {} }), work('close-1', { close: {} }));
    assert.deepEqual((await controller.status('check-1', 'ENDED')).found, []);
    await controller.status('close-1', 'ENDED');
    assert.deepEqual(controller.statesOf('i-1'), ['STAGED', 'ACTIVE', 'ENDED']);

    const events = await setting.eventsUntil((event) => isKind(event, 'producer.closed'));
    const kinds = events.map(({ body }) => body.kind).filter((kind) => kind !== 'clock.read');
    // It is read back when it is there and again before its end, unless that look would be late.
    const inOrder = kinds.filter((kind, index) => kind !== kinds[index - 1]);
    assert.deepEqual(inOrder, [
      'injection.staged',
      'injection.active',
      'injection.verified',
      'injection.reverted',
      'injection.verified',
      'host.checked',
      'producer.closed',
    ]);
    const readings = events.filter((event) => isKind(event, 'clock.read'));
    const [reading] = readings.sort((one, other) => one.body.errorUs - other.body.errorUs);
    assert.ok(reading);
    const toReference = (monoUs: number): number => monoUs + reading.body.offsetUs;
    // The start was reckoned with what was known of the clocks then, which may have been the worst of the readings.
    const errorUs = reading.body.errorUs + Math.max(...readings.map(({ body }) => body.errorUs));
    const active = events.find((event) => isKind(event, 'injection.active'));
    const reverted = events.find((event) => isKind(event, 'injection.reverted'));
    assert.ok(active && reverted);
    const { firstUs = 0, lastUs = 0 } = reverted.body.effects;
    assert.ok(
      active.monoUs <= firstUs && firstUs <= active.body.appliedUs,
      'the first effect is within the act',
    );
    assert.ok(lastUs <= reverted.monoUs, 'the last effect is not after the end');
    const lateUs = toReference(active.monoUs) - startUs;
    assert.ok(lateUs > -errorUs, `it began ${-lateUs} us before its start`);
    const overUs = toReference(reverted.monoUs) - startUs - 4_000_000;
    assert.ok(overUs > -errorUs, `it ended ${-overUs} us before its deadline`);
    context.diagnostic(`began ${lateUs} us late, ended ${overUs} us late, clocks +-${errorUs} us`);
  });

  test('tells of a fault that somebody else took away before its end', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller, container } = setting;
    setting.start();
    await controller.begin(setting.injection('i-1', 'cgroup-freeze', { durationUs: 6_000_000 }));
    await container.thaw();
    await controller.status('i-1', 'ENDED');
    const events = await setting.eventsUntil((event) => isKind(event, 'injection.reverted'));
    const verified = events.filter((event) => isKind(event, 'injection.verified'));
    assert.deepEqual(
      verified.map(({ body }) => [body.expected, body.holds]),
      [
        ['applied', true],
        ['applied', false],
      ],
    );
    assert.match(verified[1]?.body.found ?? '', /is thawed/);
  });

  test('ends a staged fault without starting it, and an active one early, when it is told to or when it is missing', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller, container } = setting;
    setting.start();
    controller.want(setting.injection('i-1', 'cgroup-freeze'));
    await controller.status('i-1', 'STAGED');
    controller.want({ ...setting.injection('i-1', 'cgroup-freeze'), end: true });
    await controller.status('i-1', 'ENDED');
    await controller.begin(setting.injection('i-2', 'cpu-quota'));
    assert.equal(await container.hasQuota(), true);
    controller.want();
    await controller.status('i-2', 'ENDED');
    assert.equal(await container.hasQuota(), false);
    const events = await setting.eventsUntil((event) => isKind(event, 'injection.reverted'));
    const [reverted] = events.filter((event) => isKind(event, 'injection.reverted'));
    assert.equal(reverted?.body.injection, 'i-2');
    assert.equal(reverted.body.because, 'stopped');
    assert.equal(events.filter((event) => isKind(event, 'injection.active')).length, 1);
  });

  for (const mechanism of ['cgroup-freeze', 'cpu-quota']) {
    test(`that was killed amid a ${mechanism} is reverted by the next one, before that one dials`, async (context) => {
      const setting = await AgentSetting.make(context);
      const { controller, container } = setting;
      const isFaulted = async (): Promise<boolean> =>
        (await container.isFrozen()) || (await container.hasQuota());
      const agent = setting.start();
      await controller.begin(setting.injection('i-1', mechanism));
      await setting.end(agent, 'SIGKILL');
      assert.equal(await isFaulted(), true);
      assert.deepEqual(await setting.journal(), ['i-1.json']);

      await controller.stop();
      setting.start();
      await until('it is reverted with nobody to dial to', async () => !(await isFaulted()));
      await controller.start();
      const failed = await controller.status('i-1', 'FAILED', 'ENDED');
      assert.equal(failed.state, 'FAILED', 'and it is not started again');
      assert.equal(failed.errorCode, 'ABORTED');
      assert.deepEqual(await setting.journal(), []);
      const events = await setting.eventsUntil((event) => isKind(event, 'injection.reverted'));
      const reverted = events.find((event) => isKind(event, 'injection.reverted'));
      assert.equal(reverted?.body.because, 'recovered');
      assert.equal(reverted.trial, 't001');
    });
  }

  test('starts no fault when the controller is gone before its start', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller, container } = setting;
    setting.start();
    controller.want(setting.injection('i-1', 'cgroup-freeze'));
    await controller.status('i-1', 'STAGED');
    const startUs = controller.nowUs + 3_500_000;
    controller.want(setting.injection('i-1', 'cgroup-freeze', { startUs }));
    await sleep(300);
    await controller.stop();
    while (controller.nowUs < startUs + 300_000) {
      assert.equal(await container.isFrozen(), false);
      await sleep(100);
    }
    await controller.start();
    const failed = await controller.status('i-1', 'FAILED');
    assert.equal(failed.errorCode, 'LEASE_EXPIRED');
    assert.deepEqual(await setting.journal(), []);
  });

  test('ends a fault at its deadline when the controller is gone after its start', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller, container } = setting;
    setting.start();
    const startUs = await controller.begin(
      setting.injection('i-1', 'cgroup-freeze', { durationUs: 2_000_000 }),
    );
    await controller.stop();
    await until('it is over', async () => !(await container.isFrozen()));
    // The agent knows the controller's clock as well as its beats were quick.
    assert.ok(controller.nowUs > startUs + 2_000_000 - 500_000, 'not before its deadline');
    const events = await setting.eventsUntil((event) => isKind(event, 'injection.reverted'));
    const reverted = events.find((event) => isKind(event, 'injection.reverted'));
    assert.equal(reverted?.body.because, 'deadline');
    await controller.start();
    await controller.status('i-1', 'ENDED');
  });

  test('says a status until it is acknowledged, and forgets a task only then', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller } = setting;
    controller.acknowledges = false;
    const agent = setting.start();
    controller.want(work('c-1', { command: { argv: ['true'], timeoutUs: 5_000_000 } }));
    await controller.status('c-1', 'ENDED');
    await controller.stop();
    controller.statuses.length = 0;
    await controller.start();
    await controller.status('c-1', 'ENDED');
    await setting.end(agent, 'SIGKILL');
    controller.statuses.length = 0;
    setting.start();
    await controller.status('c-1', 'ENDED');
    assert.deepEqual(controller.statesOf('c-1'), ['ENDED'], 'the command did not run again');
    controller.acknowledges = true;
    controller.want();
    const outcome = join(setting.settings.state, 'outcomes', 'c-1.json');
    await until('it is forgotten', () => !existsSync(outcome));
  });

  test('that was killed amid a command ends it, reports it as failed, and never runs it again', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller } = setting;
    const begun = join(setting.settings.state, 'begun');
    const agent = setting.start();
    // Its second process heeds no SIGTERM, and it is not the one that leads the group.
    const script = `echo $$ >> ${begun}; trap '' TERM; sleep 60 & echo $! >> ${begun}; wait; sleep 60`;
    controller.want(work('c-1', { command: { argv: ['/bin/sh', '-c', script], timeoutUs: 60_000_000 } }));
    await controller.status('c-1', 'ACTIVE');
    const pids = await controller.until('both processes have begun', () => {
      const told = existsSync(begun) ? readFileSync(begun, 'utf8').trim().split('\n').map(Number) : [];
      return told.length === 2 ? told : undefined;
    });
    await setting.end(agent, 'SIGKILL');
    assert.deepEqual(pids.map(isThere), [true, true], 'it outlives the agent');
    setting.start();
    const failed = await controller.status('c-1', 'FAILED', 'ENDED');
    assert.equal(failed.state, 'FAILED');
    assert.equal(failed.errorCode, 'ABORTED');
    assert.match(failed.errorMessage, /the agent was killed while this ran/);
    await controller.until('both processes are gone', () => (pids.some(isThere) ? undefined : true));
    assert.equal((await readFile(begun, 'utf8')).trim().split('\n').length, 2, 'it did not run again');
  });

  test('leaves alone what only has the pid of a command that ran when it was killed', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller } = setting;
    await setting.end(await answering(setting), 'SIGTERM');
    const stranger = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    context.after(() => stranger.kill('SIGKILL'));
    const identity = await identify(stranger.pid ?? 0);
    assert.ok(identity);
    const earlier = { ...identity, startTicks: identity.startTicks - 1 };
    const outcome = join(setting.settings.state, 'outcomes', 'c-1.json');
    await writeFile(outcome, JSON.stringify({ id: 'c-1', state: 'BEGUN', process: earlier }));
    setting.start();
    assert.equal((await controller.status('c-1', 'FAILED')).errorCode, 'ABORTED');
    assert.equal(isThere(stranger.pid ?? 0), true);
  });

  test('finds a host unclean that holds an injection by hand', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller } = setting;
    setting.start();
    const byHand = { ...setting.injection('i-1', 'cgroup-freeze'), campaign: '', trial: '', attempt: 0 };
    const ofOther = { ...setting.injection('i-2', 'cpu-quota'), campaign: 'other' };
    controller.want(byHand, ofOther);
    await controller.status('i-1', 'STAGED');
    await controller.status('i-2', 'STAGED');
    controller.want(byHand, ofOther, work('check-1', { hostCheck: {} }));
    const { found } = await controller.status('check-1', 'ENDED');
    assert.deepEqual(found, [
      'injection i-1 (cgroup-freeze on container "web"), ordered by hand, is not over yet',
      'injection i-2 (cpu-quota on container "web"), of trial t001 of the campaign other, is not over yet',
    ]);
    controller.want(work('check-1', { hostCheck: {} }));
    await controller.status('i-1', 'ENDED');
    await controller.status('i-2', 'ENDED');
    controller.want(work('check-2', { hostCheck: {} }));
    assert.deepEqual((await controller.status('check-2', 'ENDED')).found, []);
  });

  test('keeps a damaged journal entry aside and reports it as residue', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller } = setting;
    await setting.end(await answering(setting), 'SIGTERM');
    await writeFile(join(setting.settings.state, 'journal', 'i-9.json'), '{"version": 1, "mechan');
    setting.start();
    controller.want(work('check-1', { hostCheck: {} }));
    const { found } = await controller.status('check-1', 'ENDED');
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', /journal.*i-9\.json.*cannot be read/);
    assert.deepEqual(await setting.journal(), []);
  });

  test('reports a fault of a mechanism that it does not have as stuck, and keeps its journal entry', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller } = setting;
    await setting.end(await answering(setting), 'SIGTERM');
    const target = { kind: 'host', host: 'host-1', bootId: 'b' };
    const injection = {
      id: 'i-8',
      target,
      parameters: {},
      mode: { kind: 'permanent' },
      seed: 1,
      durationUs: 1,
    };
    const entry = { version: 1, mechanism: 'of-a-later-version', scope: {}, injection, memory: {} };
    await writeFile(join(setting.settings.state, 'journal', 'i-8.json'), JSON.stringify(entry));
    setting.start();
    const { errorCode, errorMessage } = await controller.status('i-8', 'STUCK');
    assert.equal(errorCode, 'REVERT_FAILED');
    assert.match(errorMessage, /"of-a-later-version", which this version does not have/);
    controller.want(work('check-1', { hostCheck: {} }));
    const { found } = await controller.status('check-1', 'ENDED');
    assert.deepEqual(found.length, 1);
    assert.match(found[0] ?? '', /injection i-8 \(of-a-later-version on host "host-1"\)/);
    assert.deepEqual(await setting.journal(), ['i-8.json']);
  });

  test('is refused where another one works on the same state', async (context) => {
    const setting = await AgentSetting.make(context);
    await answering(setting);
    const second = setting.start();
    let said = '';
    second.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    const [code] = (await once(second, 'close')) as [number | null];
    assert.equal(code, 1);
    assert.match(said, /ALREADY_EXISTS: another agent works on the state directory/);
  });

  test('that is told to end with an active fault leaves nothing', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller, container } = setting;
    const agent = setting.start();
    await controller.begin(setting.injection('i-1', 'cgroup-freeze'));
    assert.equal(await setting.end(agent, 'SIGTERM'), 0);
    assert.equal(await container.isFrozen(), false);
    assert.deepEqual(await setting.journal(), []);
    const events = await setting.eventsUntil((event) => isKind(event, 'injection.reverted'));
    assert.equal(events.find((event) => isKind(event, 'injection.reverted'))?.body.because, 'stopped');
  });

  test('refuses what is not there, what is wrong, and a second fault of a kind on one target', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller } = setting;
    setting.start();
    const order = setting.injection('i-1', 'cgroup-freeze');
    const elsewhere = { ...order.injection, target: { host: 'host-1', kind: 'container', name: 'wbe' } };
    const misspelt = { ...order.injection, parameters: '{"shrae": "10%"}' };
    const endless = { ...order.injection, durationUs: 0 };
    controller.want(
      order,
      { ...order, id: 'i-2', injection: elsewhere },
      { ...order, id: 'i-3', injection: misspelt },
      { ...order, id: 'i-4', injection: endless },
    );
    await controller.status('i-1', 'STAGED');
    const nothing = await controller.status('i-2', 'FAILED');
    assert.equal(nothing.errorCode, 'NO_TARGET');
    assert.match(nothing.errorMessage, /no container "wbe"; there is "web"/);
    assert.equal((await controller.status('i-3', 'FAILED')).errorCode, 'INVALID_INPUT');
    assert.equal((await controller.status('i-4', 'FAILED')).errorCode, 'INVALID_INPUT');
    controller.want(order, setting.injection('i-5', 'cgroup-freeze'));
    assert.equal((await controller.status('i-5', 'FAILED')).errorCode, 'ALREADY_EXISTS');
  });

  test('runs a command as given, and says why one failed', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller } = setting;
    setting.start();
    const shell = ['/bin/sh', '-c', 'echo "no such disk" >&2; exit 3'];
    controller.want(
      work('c-1', { command: { argv: ['test', '$HOME', '=', '$HOME'], timeoutUs: 5_000_000 } }),
      work('c-2', { command: { argv: shell, timeoutUs: 5_000_000 } }),
      work('c-3', { command: { argv: ['sleep', '60'], timeoutUs: 300_000 } }),
      work('c-4', { command: { argv: ['no-such-program'], timeoutUs: 300_000 } }),
    );
    await controller.status('c-1', 'ENDED');
    assert.match((await controller.status('c-2', 'FAILED')).errorMessage, /exit code 3.*no such disk/);
    assert.match((await controller.status('c-3', 'FAILED')).errorMessage, /longer than 300ms/);
    assert.match((await controller.status('c-4', 'FAILED')).errorMessage, /could not be started/);
  });
});

/** A zombie is not: it only waits for its parent to be told. */
function isThere(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function answering(setting: AgentSetting): Promise<ReturnType<AgentSetting['start']>> {
  const agent = setting.start();
  await setting.controller.until('the agent dials', () => setting.controller.hellos[0]);
  return agent;
}
