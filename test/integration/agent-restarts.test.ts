import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { isKind, type Event } from '../../events/event.ts';
import type { OnRestart } from '../../injectors/target.ts';
import { until } from '../until.ts';
import { AgentSetting } from './agent-setting.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root: it faults cgroups';

/** An agent with an active quota on a container. */
async function withQuota(context: TestContext, onRestart: OnRestart, durationUs: number) {
  const setting = await AgentSetting.make(context);
  const { controller } = setting;
  const agent = setting.start();
  const asked = { durationUs, onRestart };
  const startUs = await controller.begin(setting.injection('i-1', 'cpu-quota', asked));
  const order = setting.injection('i-1', 'cpu-quota', { startUs, ...asked });
  assert.equal(await setting.container.hasQuota(), true);
  return { setting, controller, agent, order };
}

async function reverted(
  setting: AgentSetting,
): Promise<{ events: Event[]; last: Event<'injection.reverted'> }> {
  const events = await setting.eventsUntil((event) => isKind(event, 'injection.reverted'));
  const last = events.find((event) => isKind(event, 'injection.reverted'));
  assert.ok(last);
  return { events, last };
}

describe('a container that goes amid a fault', { skip }, () => {
  test('ends it where it is to end, and the one that takes its place is left alone', async (context) => {
    const { setting, controller } = await withQuota(context, 'end', 60_000_000);
    await setting.restartContainer();
    const ended = await controller.status('i-1', 'ENDED', 'FAILED');
    assert.equal(ended.state, 'ENDED', ended.errorMessage);
    assert.match(
      ended.effects?.remark ?? '',
      /it ended with the container web: its cgroup .* (is gone|was made anew)/,
    );
    assert.equal(await setting.container.hasQuota(), false);
    assert.deepEqual(await setting.journal(), []);
    const { last, events } = await reverted(setting);
    assert.equal(last.body.because, 'target-gone');
    assert.ok(!events.some((event) => isKind(event, 'injection.followed')));
  });

  test('has it follow where it is to follow, as one fault with one end', async (context) => {
    const { setting, controller, order } = await withQuota(context, 'follow', 60_000_000);
    await setting.restartContainer();
    await until('it has followed', async () => await setting.container.hasQuota());
    assert.deepEqual(await setting.journal(), ['i-1.json']);
    controller.want({ ...order, end: true });
    const ended = await controller.status('i-1', 'ENDED', 'FAILED');
    assert.equal(ended.state, 'ENDED', ended.errorMessage);
    assert.equal(await setting.container.hasQuota(), false);
    assert.deepEqual(await setting.journal(), []);
    const { events, last } = await reverted(setting);
    assert.equal(last.body.because, 'stopped');
    assert.match(last.body.effects.remark ?? '', /it met 2 instances of web \(1: .*, 2: /);
    assert.equal(events.find((event) => isKind(event, 'injection.followed'))?.body.instance, 2);
    assert.equal(events.filter((event) => isKind(event, 'injection.active')).length, 1);
  });

  test('is followed by what the next agent takes away, where the first one was killed', async (context) => {
    const { setting, controller, agent } = await withQuota(context, 'follow', 60_000_000);
    await setting.restartContainer();
    await until('it has followed', async () => await setting.container.hasQuota());
    await setting.end(agent, 'SIGKILL');
    assert.equal(await setting.container.hasQuota(), true);
    setting.start();
    assert.equal((await controller.status('i-1', 'FAILED', 'ENDED')).errorCode, 'ABORTED');
    assert.equal(await setting.container.hasQuota(), false);
    const { last } = await reverted(setting);
    assert.equal(last.body.because, 'recovered');
    assert.match(last.body.effects.remark ?? '', /it met 2 instances of web/);
  });

  test('and has no successor before its time is over is told to have been the only one', async (context) => {
    const { setting, controller } = await withQuota(context, 'follow', 4_000_000);
    await setting.container.remove();
    const ended = await controller.status('i-1', 'ENDED', 'FAILED');
    assert.equal(ended.state, 'ENDED', ended.errorMessage);
    assert.match(ended.effects?.remark ?? '', /it met 1 instance of web/);
    assert.deepEqual(await setting.journal(), []);
    assert.equal((await reverted(setting)).last.body.because, 'deadline');
  });
});
