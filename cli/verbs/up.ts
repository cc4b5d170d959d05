import type { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { withControl, withMetrics } from '../clients.ts';
import { defaultEmbedded } from '../embedded-place.ts';
import { Home } from '../home.ts';
import { lockHome } from '../up/home-lock.ts';
import { defaultPort, portOption } from '../ports.ts';
import { Machine } from '../up/machine.ts';
import { outputOf, verb } from './verb.ts';

/** Node takes about a second to start on an idle machine; a busy one is given thirty times that. */
const readyWithinMs = 30_000;
const pollMs = 200;

interface UpOptions {
  readonly embedded?: string | true;
  readonly port: string;
  readonly agent: boolean;
  readonly runs: string;
}

export function upVerb(): Command {
  return verb(
    'up',
    'everything on this machine: a nats-server, the controller, the metrics service, an agent; until Ctrl-C',
  )
    .option('--embedded [name]', 'with the embedded target and an agent in each of its hosts (needs root)')
    .option(
      '--port <port>',
      'the first of six ports on the loopback: control, metrics, nats, and the status pages of controller, metrics and agents',
      String(defaultPort),
    )
    .option(
      '--no-agent',
      'without an agent of this machine, which as root offers its NICs, disks, containers and virtual machines as targets: only of hosts that dial in',
    )
    .option('--runs <folder>', 'where saved runs are kept', 'runs')
    .action(async (options: UpOptions, command: Command) => {
      const output = outputOf(command);
      const home = new Home();
      const lock = await lockHome(home);
      const machine = new Machine({
        home,
        port: portOption(options.port),
        runs: options.runs,
        agent: options.agent,
        ...(options.embedded === undefined
          ? {}
          : { embedded: options.embedded === true ? defaultEmbedded : options.embedded }),
        onEvent: (text) => output.say(text),
      });
      // Whoever reads it may go first, as in `ordeal up | head`: it ends in order all the same.
      for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
      const signalled = new Promise<string>((resolve) => {
        for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
      });
      try {
        const early = await Promise.race([
          signalled,
          machine.start().then(async () => await ready(machine.hosts)),
        ]);
        if (early === undefined) {
          const endpoints = home.endpoints();
          output.answer({ ...endpoints, hosts: machine.hosts }, () =>
            [
              `Ordeal is up: ${hostsText(machine.hosts)}; state in ${home.directory}`,
              `/metrics and /healthz: ${Object.entries(endpoints.status)
                .map(([name, address]) => `${name} http://${address}`)
                .join(', ')}`,
              'Next, in another terminal: `ordeal hosts`, `ordeal faults`, `ordeal campaign run <file>`; Ctrl-C ends it and reverts every fault.',
            ].join('\n'),
          );
          await signalled;
        }
        output.say('ending: every fault is reverted first');
      } finally {
        await machine.stop().finally(async () => await lock.release());
      }
      output.say('ended');
    });
}

function hostsText(hosts: readonly string[]): string {
  return hosts.length === 0 ? 'no host until one dials in' : `hosts ${hosts.join(', ')}`;
}

async function ready(hosts: readonly string[]): Promise<undefined> {
  const giveUpAt = Date.now() + readyWithinMs;
  for (;;) {
    const missing = await missingHosts(hosts);
    if (missing.length === 0) return undefined;
    if (Date.now() > giveUpAt) {
      throw new OrdealError(
        'HOST_LOST',
        `after ${readyWithinMs / 1000} s these have not answered: ${missing.join(', ')}`,
        {
          remedy: 'Their logs are in the folder logs of the home.',
        },
      );
    }
    await sleep(pollMs);
  }
}

async function missingHosts(hosts: readonly string[]): Promise<readonly string[]> {
  try {
    await withMetrics(async (metrics) => await metrics.listRuns({}));
    const answer = await withControl(async (control) => await control.listHosts({}));
    return hosts.filter((name) => !answer.hosts.some((host) => host.name === name && host.connected));
  } catch (error) {
    if (OrdealError.from(error).code === 'NOT_RUNNING') return ['the controller or the metrics service'];
    throw error;
  }
}
