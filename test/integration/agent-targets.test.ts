import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, test, type TestContext } from 'node:test';
import { run } from '../../command/run.ts';
import { isKind } from '../../events/event.ts';
import { disksBehind } from '../../injectors/storage/disks-behind.ts';
import { AgentSetting } from './agent-setting.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root: it makes network namespaces and cgroups';

const outside = '10.213.77.1';
const inside = '10.213.77.2';

/** A namespace with `mgmt0`, through which the controller is reached, and `data0`, which leads nowhere. */
async function managedNamespace(context: TestContext): Promise<string> {
  const name = `ordeal-agent-${process.pid}`;
  const link = `oa${process.pid}`;
  context.after(async () => await run('ip', ['netns', 'del', name]));
  await run('ip', ['netns', 'add', name]);
  await run('ip', ['link', 'add', link, 'type', 'veth', 'peer', 'name', 'mgmt0', 'netns', name]);
  await run('ip', ['addr', 'add', `${outside}/30`, 'dev', link]);
  await run('ip', ['link', 'set', link, 'up']);
  await run('ip', ['-n', name, 'addr', 'add', `${inside}/30`, 'dev', 'mgmt0']);
  await run('ip', ['-n', name, 'link', 'set', 'mgmt0', 'up']);
  await run('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
  await run('ip', ['-n', name, 'link', 'add', 'data0', 'type', 'veth', 'peer', 'name', 'data1']);
  return name;
}

describe('the targets of an agent', { skip }, () => {
  test('the interface that carries the connection to the controller is protected, another one is not', async (context) => {
    const namespace = await managedNamespace(context);
    const setting = await AgentSetting.make(context, outside);
    const { controller } = setting;
    setting.start(['nsenter', `--net=/run/netns/${namespace}`, '--']);
    const hello = await controller.until('the agent dials', () => controller.hellos[0]);
    const nics = hello.resources.filter((resource) => resource.kind === 'nic');
    assert.deepEqual(
      nics.map(({ name, protectedBecause }) => [name, protectedBecause !== '']).sort(),
      [
        ['data0', false],
        ['data1', false],
        ['mgmt0', true],
      ],
      'those of its own namespace, without the loopback',
    );
    const order = (id: string, name: string) => {
      const task = setting.injection(id, 'noop');
      return { ...task, injection: { ...task.injection, target: { host: 'host-1', kind: 'nic', name } } };
    };
    controller.want(order('i-1', 'mgmt0'), order('i-2', 'data0'));
    const refused = await controller.status('i-1', 'FAILED', 'STAGED');
    assert.equal(refused.errorCode, 'PROTECTED_TARGET');
    assert.match(refused.errorMessage, /it carries the connection to the controller at 10\.213\.77\.1/);
    const { target } = await controller.status('i-2', 'STAGED', 'FAILED');
    assert.match(target, /"kind":"nic".*"name":"data0".*"netns":\d+,"ifindex":\d+/);
  });

  test('a container that holds the agent is protected, and is told to be', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller, container } = setting;
    const agent = setting.start();
    assert.ok(agent.pid);
    const hello = await controller.until('the agent dials', () => controller.hellos[0]);
    const isProtected = (resources: typeof hello.resources): boolean =>
      resources.some(({ kind, protectedBecause }) => kind === 'container' && protectedBecause !== '');
    assert.equal(isProtected(hello.resources), false);
    await container.add(agent.pid);
    context.after(async () => await setting.endAgents());
    controller.want(setting.injection('i-1', 'cgroup-freeze'));
    const refused = await controller.status('i-1', 'FAILED', 'STAGED');
    assert.equal(refused.errorCode, 'PROTECTED_TARGET');
    assert.match(refused.errorMessage, /it holds the agent of this host/);
    await controller.until('the agent tells of the change', () =>
      controller.hellos.find((later) => isProtected(later.resources)),
    );
    await setting.endAgents();
  });

  test('the disks of the agent are protected, and told to be', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller } = setting;
    const held = [...(await disksBehind(process.execPath))];
    setting.start();
    const hello = await controller.until('the agent dials', () => controller.hellos[0]);
    const disks = hello.resources.filter(({ kind }) => kind === 'disk');
    for (const name of held) {
      const disk = disks.find((one) => one.name === name);
      assert.match(disk?.protectedBecause ?? 'not there', /^it holds /, name);
      const task = setting.injection(`i-${name}`, 'noop');
      const target = { host: 'host-1', kind: 'disk', name };
      controller.want({ ...task, injection: { ...task.injection, target } });
      const refused = await controller.status(`i-${name}`, 'FAILED', 'STAGED');
      assert.equal(refused.errorCode, 'PROTECTED_TARGET');
    }
  });

  test('a load runs from the agent, its rows are in the event store before the attempt is closed', async (context) => {
    const server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    context.after(() => {
      server.close();
      server.closeAllConnections();
    });
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const options = JSON.stringify({
      url: `http://127.0.0.1:${address.port}/`,
      load: { shape: 'flat', rate: '50/s' },
    });
    const setting = await AgentSetting.make(context);
    const { controller } = setting;
    setting.start();
    await controller.until('the agent dials', () => controller.hellos[0]);
    const attempt = { campaign: 'test', trial: 't001', attempt: 1 };
    const check = { ...attempt, id: 's-1', serviceCheck: { driver: 'http', options, withinUs: 15_000_000 } };
    controller.want(check);
    const checked = await controller.status('s-1', 'ENDED', 'FAILED');
    assert.equal(checked.state, 'ENDED', checked.errorMessage);
    const workload = {
      driver: 'http',
      options,
      startUs: controller.nowUs + 3_000_000,
      durationUs: 1_000_000,
      seed: 1,
    };
    controller.want({ ...attempt, id: 'w-1', workload }, { ...attempt, id: 'close-1', close: {} });
    const ended = await controller.status('w-1', 'ENDED', 'FAILED');
    assert.equal(ended.state, 'ENDED', ended.errorMessage);
    assert.deepEqual(controller.statesOf('w-1'), ['STAGED', 'ACTIVE', 'ENDED']);
    const events = await setting.eventsUntil((event) => isKind(event, 'producer.closed'));
    const last = events.find((event) => isKind(event, 'workload.ended'));
    assert.equal(last?.body.rows, 50);
    assert.equal(last.body.failed, undefined);
    assert.ok(events.some((event) => isKind(event, 'service.checked') && event.body.healthy));
  });
});
