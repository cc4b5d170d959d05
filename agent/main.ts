import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostNameSchema } from '../events/name.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import { Bus } from '../events/bus.ts';
import { Reporter } from '../events/reporter.ts';
import { makeInjectors } from '../injectors/registry.ts';
import { tlsFiles } from '../service/credentials.ts';
import { startHttpStatus } from '../service/http-status.ts';
import { createLog, type Log } from '../service/log.ts';
import { Parts } from '../service/parts.ts';
import type { Running } from '../service/running.ts';
import { hostOf } from './address.ts';
import { Appointments } from './appointments.ts';
import { ClockOffset } from './clock-offset.ts';
import { ClockReports } from './clock-reports.ts';
import { Executor } from './executor.ts';
import { agentRegistry } from './gauges.ts';
import { connectGuardian } from './guardian/connect.ts';
import { endInterruptedCommands } from './interrupted-commands.ts';
import { Inventory } from './inventory.ts';
import type { Held } from '../injectors/storage/protected-disks.ts';
import { Journal } from './journal.ts';
import { KnownAbilities } from './known-abilities.ts';
import { Lease } from './lease.ts';
import { LiveInjections } from './live-injections.ts';
import { Outbox } from './outbox.ts';
import { readBootId } from '../procfs/identity.ts';
import { recover } from './recovery.ts';
import { SelfDescription } from './self-description.ts';
import { Session } from './session.ts';
import { lockState } from './state-lock.ts';
import { Voice } from './voice.ts';
import type { Workbench } from './workbench.ts';

export interface AgentSettings {
  /** The name of this host in campaigns. */
  readonly host: string;
  readonly labels: Readonly<Record<string, string>>;
  /** host:port */
  readonly controller: string;
  /** host:port, several with commas. */
  readonly nats: string;
  /** The directory of `ca.pem` and `agent-<host>.pem`. */
  readonly certificates: string;
  /** The directory of the journal and the spool. */
  readonly state: string;
  /**
   * Which cgroups are containers: paths below the root of the hierarchies, a star for any part of one name. Without any, those of every runtime
   * that is known, and those of systemd.
   */
  readonly containers?: readonly string[];
  /** Of the loopback; without it nothing is served. */
  readonly statusPort?: number;
}

/** Reverting takes well below a second each; one that is stuck is left to the journal and the next start. */
const revertWithinMs = 8_000;
/** Of what is left in the spool, so much is tried; the rest waits on disk. */
const drainWithinMs = 3_000;

/**
 * First what an earlier agent left is taken away, with nothing but the state directory; then comes what a full disk, a lost certificate or an
 * event store that is away can hinder, and the controller is dialled.
 */
export async function startAgent(settings: AgentSettings): Promise<Running> {
  if (!hostNameSchema.safeParse(settings.host).success) {
    throw new OrdealError('INVALID_INPUT', `"${settings.host}" cannot be the name of a host`);
  }
  const log = createLog(`agent-${settings.host}`);
  const parts = new Parts(log);
  await parts.start(async () => await start(settings, log, parts));
  return parts;
}

async function start(settings: AgentSettings, log: Log, parts: Parts): Promise<void> {
  const { host, state, controller } = settings;
  await mkdir(state, { recursive: true, mode: 0o700 });
  const lock = await lockState(state);
  parts.add('lock', async () => await lock.release());

  const voice = new Voice(log);
  const bench = await makeBench(settings, voice, parts, log);
  const opening = Outbox.open(state);
  // Thrown further down, when the faults are gone.
  opening.catch(() => undefined);
  const stopping = new AbortController();
  parts.add('recovery', () => stopping.abort());
  await recover(bench, opening, stopping.signal);
  const outbox = await opening;
  await endInterruptedCommands(outbox, log);

  const tls = tlsFiles(settings.certificates, `agent-${host}`);
  const bus = await Bus.connect({ servers: settings.nats, tls, name: `agent-${host}`, log });
  parts.add('bus', async () => await bus.close());
  const directory = join(state, 'spool');
  const reporter = await Reporter.open({ producer: host, host, directory, bus, log });
  parts.add('reporter', async () => await reporter.end());
  voice.speakThrough(reporter);

  const executor = new Executor(bench, outbox);
  const self = await describe(settings, bench);
  const session = new Session({
    controller,
    tls,
    hello: () => self.hello,
    lease: bench.lease,
    clock: bench.clock,
    outbox,
    onDial: () => executor.forgetWanted(),
    onTasks: (tasks) => executor.reconcile(tasks),
    onAcknowledged: () => executor.forgetSettled(),
    log,
  });
  if (settings.statusPort !== undefined) {
    const status = await startHttpStatus({
      address: `127.0.0.1:${settings.statusPort}`,
      registry: agentRegistry({
        activeInjections: () => bench.live.activeCount,
        stuckInjections: () => bench.live.stuckCount,
        sessionConnected: () => session.connected,
        clockErrorUs: () => bench.clock.best()?.errorUs,
        natsConnected: () => bus.connected,
        spoolPending: () => reporter.pending,
      }),
      unhealthy: () =>
        session.connected ? undefined : `there is no session with the controller ${controller}`,
    });
    parts.add('status', async () => await status.stop());
  }
  parts.add('spool', async () => {
    const drained = reporter.drained();
    if (!(await within(drainWithinMs, drained))) {
      log.warn({ pending: reporter.pending }, 'the rest of the spool waits for the next start');
    }
  });
  parts.add('session', async () => await session.stop());
  parts.add('executor', async () => {
    if (await within(revertWithinMs, executor.stop())) return;
    log.error(
      { stuck: bench.live.notOver() },
      'not every task has ended; the next start reverts what is left',
    );
  });
  session.start();
  void self.watch(() => session.sayHello(), stopping.signal);
}

async function makeBench(settings: AgentSettings, voice: Voice, parts: Parts, log: Log): Promise<Workbench> {
  const { host, containers } = settings;
  const clock = new ClockOffset();
  const peers = [
    { role: 'controller', host: hostOf(settings.controller) },
    ...settings.nats.split(',').map((server) => ({ role: 'event store', host: hostOf(server) })),
  ];
  const held = livesOn(settings);
  const chosen = containers === undefined ? {} : { containers };
  const inventory = new Inventory({ host, bootId: await readBootId(), ...chosen, peers, held });
  const journal = await Journal.open(settings.state);
  const inJournal = new Set((await journal.entries()).map(({ injection }) => injection.id));
  const line = await connectGuardian(settings.state, inJournal, log);
  parts.add('guardian', () => line.close());
  return {
    host,
    injectors: makeInjectors([settings.state], held, async () => await inventory.ownNics()),
    inventory,
    journal,
    guardian: line.guardian,
    live: new LiveInjections(),
    voice,
    lease: new Lease(),
    clock,
    clockReports: new ClockReports(host, clock, voice),
    appointments: new Appointments(),
    log,
  };
}

const kernelModules = '/lib/modules';

/** What the agent cannot do without: where a disk holds it, a fault of that disk would end the agent, or what it says of the fault. */
function livesOn({ state, certificates }: AgentSettings): Held[] {
  const program = process.argv[1];
  return [
    { path: '/', holds: "the host's root filesystem" },
    // A fault of a kernel module loads it when it is staged.
    ...(existsSync(kernelModules) ? [{ path: kernelModules, holds: "the kernel's modules" }] : []),
    { path: state, holds: `${state}, where the agent keeps its journal and its spool` },
    { path: certificates, holds: `${certificates}, where the agent has its certificate` },
    { path: process.execPath, holds: 'the program that runs the agent' },
    ...(program === undefined ? [] : [{ path: program, holds: "the agent's own program" }]),
  ];
}

async function describe({ host, labels }: AgentSettings, bench: Workbench): Promise<SelfDescription> {
  const { inventory, injectors, live, appointments, log } = bench;
  const bootId = await readBootId();
  const incarnation = randomBytes(4).toString('hex');
  const abilities = new KnownAbilities(injectors, live);
  const options = { host, bootId, incarnation, labels, inventory, abilities, appointments, log };
  const self = new SelfDescription(options);
  // A look that fails keeps nobody from dialling: the controller can still end what is there, and the next look tells the rest.
  await self.look().catch((error: unknown) => {
    log.error({ err: error }, 'what is on this host could not be looked at');
  });
  return self;
}

/** Whether it was done in time; what rejects was not. */
async function within(ms: number, done: Promise<void>): Promise<boolean> {
  const timer = new AbortController();
  const inTime = done.then(
    () => true,
    () => false,
  );
  const late = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  const answer = await Promise.race([inTime, late]);
  timer.abort();
  return answer;
}
