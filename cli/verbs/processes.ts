import type { Command } from 'commander';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { hostNameSchema } from '../../events/name.ts';
import { createLog } from '../../service/log.ts';
import type { Running } from '../../service/running.ts';
import { shutdownOnSignals } from '../../service/shutdown.ts';
import { Home } from '../home.ts';
import { verb } from './verb.ts';

// Each process is imported when it is started: all that it needs would cost every other verb half its time.

interface Shared {
  readonly nats: string;
  readonly certificates?: string;
  readonly state?: string;
  readonly statusPort?: string;
}

interface ServiceOptions extends Shared {
  readonly listen: string[];
}

interface AgentOptions extends Shared {
  readonly host: string;
  readonly controller: string;
  readonly label: string[];
  readonly containers: string[];
}

/** Agents of older runs revert what their journal names before they are stopped again: the longest revert is bounded by this. */
const agentDeadlineMs = 15_000;

export function controllerVerb(): Command {
  return serviceVerb('controller', 'the controller, in the foreground').action(
    async (options: ServiceOptions) => {
      const { home, statusPort } = shared(options, 'controller');
      await runUntilSignalled('controller', async () => {
        const { startController } = await import('../../controller/main.ts');
        return await startController({
          ...home,
          ...statusPort,
          nats: options.nats,
          listen: options.listen,
        });
      });
    },
  );
}

export function metricsVerb(): Command {
  return serviceVerb('metrics', 'the metrics service, in the foreground')
    .option('--runs <folder>', 'where saved runs are kept', 'runs')
    .action(async (options: ServiceOptions & { runs: string }) => {
      const { home, statusPort } = shared(options, 'metrics');
      await runUntilSignalled('metrics', async () => {
        const { startMetrics } = await import('../../metrics/main.ts');
        return await startMetrics({
          ...home,
          ...statusPort,
          nats: options.nats,
          listen: options.listen,
          runs: options.runs,
        });
      });
    });
}

export function agentVerb(): Command {
  return processVerb('agent', 'the agent of a host, in the foreground')
    .requiredOption('--host <name>', 'the name of this host in campaigns')
    .requiredOption('--controller <address>', "the controller's host:port")
    .option('--label <key=value>', 'a label that selectors can ask for; may be repeated', collect, [])
    .option(
      '--containers <pattern>',
      'cgroups that are containers, such as docker/*; "none" for none; may be repeated',
      collect,
      [],
    )
    .action(async (options: AgentOptions) => {
      if (!hostNameSchema.safeParse(options.host).success) {
        throw new OrdealError(
          'INVALID_INPUT',
          `--host is "${options.host}"; it has to be lower case letters, digits and dashes, 63 at most, and neither controller nor metrics`,
        );
      }
      const { home, statusPort } = shared(options, `agent-${options.host}`);
      const start = async (): Promise<Running> => {
        const { startAgent } = await import('../../agent/main.ts');
        return await startAgent({
          ...home,
          ...statusPort,
          nats: options.nats,
          host: options.host,
          controller: options.controller,
          labels: labels(options.label),
          ...(options.containers.length === 0
            ? {}
            : { containers: options.containers.filter((pattern) => pattern !== 'none') }),
        });
      };
      await runUntilSignalled(`agent-${options.host}`, start, agentDeadlineMs);
    });
}

function serviceVerb(name: string, description: string): Command {
  return processVerb(name, description).requiredOption(
    '--listen <address>',
    'host:port; may be repeated',
    collect,
    [],
  );
}

function processVerb(name: string, description: string): Command {
  return verb(name, description)
    .requiredOption('--nats <url>', 'the nats-server, host:port; several with commas')
    .option('--certificates <folder>', "certificates; by default those of `ordeal up`'s home")
    .option('--state <folder>', 'spool and journal')
    .option('--status-port <port>', 'serve /metrics and /healthz on this port of the loopback');
}

function shared(options: Shared, name: string) {
  const home = new Home();
  const { statusPort } = options;
  if (statusPort !== undefined && !/^\d{1,5}$/.test(statusPort)) {
    throw new OrdealError('INVALID_INPUT', `--status-port is "${statusPort}"; it has to be a port number`);
  }
  return {
    home: {
      certificates: options.certificates ?? home.certificates,
      state: options.state ?? home.state(name),
    },
    statusPort: statusPort === undefined ? {} : { statusPort: Number(statusPort) },
  };
}

interface Failing extends Running {
  readonly failed?: Promise<OrdealError>;
}

/** A signal during the start waits for its end: what an agent is reverting then is not left halfway. */
async function runUntilSignalled(
  name: string,
  start: () => Promise<Failing>,
  deadlineMs?: number,
): Promise<void> {
  const starting = start();
  shutdownOnSignals({
    log: createLog(name),
    running: [{ name, stop: async () => await (await starting).stop() }],
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  const running = await starting;
  if (running.failed === undefined) return;
  const failure = await running.failed;
  await running.stop();
  throw failure;
}

function labels(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [key, ...value] = pair.split('=');
      if (key === undefined || key === '' || value.length === 0) {
        throw new OrdealError('INVALID_INPUT', `--label is "${pair}"; it has to be key=value`);
      }
      return [key, value.join('=')];
    }),
  );
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
