import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { main } from '../test/e2e/command-line.ts';
import { AgentSetting } from '../test/integration/agent-setting.ts';
import type { Benchmark } from './benchmark.ts';
import { processorTimeS, residentMiB } from './processor-time.ts';

const settleS = 10;
const watchedS = 60;
const aimMiB = 90;
const aimShare = 0.003;

/** An agent that waits for work is a guest on a host that has other things to do. */
export const agentAtRest: Benchmark = {
  name: 'agent-at-rest',
  title: 'What an idle agent takes from its host',
  method:
    `The agent as it is installed (built, one process), connected to a controller and an event store, with one container in its inventory and nothing to do; ` +
    `after ${settleS} s its processor time is taken for ${watchedS} s.`,
  async run(place) {
    const { settings, controller } = await AgentSetting.make(place);
    const args = ['--host', settings.host, '--controller', settings.controller, '--nats', settings.nats];
    const folders = ['--certificates', settings.certificates, '--state', settings.state];
    const containers = (settings.containers ?? []).flatMap((pattern) => ['--containers', pattern]);
    const agent = spawn(process.execPath, [main, 'agent', ...args, ...folders, ...containers], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ORDEAL_LOG: 'error' },
    });
    const { pid } = agent;
    if (pid === undefined) throw new Error('the agent did not start; npm run build makes it');
    place.after(async () => {
      const ended = once(agent, 'exit');
      agent.kill('SIGTERM');
      await ended;
    });
    await controller.until('the agent has dialled', () => controller.hellos[0]);
    await sleep(settleS * 1000);
    const before = await processorTimeS(pid, 'itself');
    await sleep(watchedS * 1000);
    const share = ((await processorTimeS(pid, 'itself')) - before) / watchedS;
    const mib = await residentMiB(pid);
    return [
      {
        what: 'resident memory',
        found: `${mib.toFixed(0)} MiB`,
        aim: { text: `under ${aimMiB} MB`, isMet: (mib * 1024 * 1024) / 1e6 < aimMiB },
      },
      {
        what: 'processor time',
        found: `${(share * 100).toFixed(2)} % of a core`,
        aim: { text: `under ${aimShare * 100} %`, isMet: share < aimShare },
      },
    ];
  },
};
