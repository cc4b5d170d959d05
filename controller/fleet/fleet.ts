import { monotonicUs } from '../../clock/monotonic.ts';
import { formatDuration } from '../../clock/duration.ts';
import type { HostInventory } from '../../campaign/inventory.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Hello__Output } from '../../proto/generated/ordeal/v1/Hello.ts';
import type { TaskStatus__Output } from '../../proto/generated/ordeal/v1/TaskStatus.ts';
import type { Log } from '../../service/log.ts';
import { Desired, type DesiredTask } from './desired.ts';
import { FleetHost, type Session } from './host.ts';
import { Observed } from './observed.ts';

export interface WaitOptions {
  /** Of a host of the usual speed; a slower one is waited for longer, as long as it is there. */
  readonly withinUs: number;
  readonly signal?: AbortSignal;
  /** For how long the host may be away meanwhile; as long as the wait itself where a fault may have made it so. */
  readonly awayUs?: number;
}

/** An agent that was started again, or a network that was mended, is back within this; a host away for longer is lost. */
const awayUs = 10_000_000;
/** How often a wait looks at what no report tells of: the deadline, and whether the host is there. */
const lookEveryMs = 200;

/** The hosts: what they shall do, what they say they did. */
export class Fleet {
  readonly #log: Log;
  readonly #hosts = new Map<string, FleetHost>();
  readonly #desired = new Desired();
  readonly #observed = new Observed();
  readonly #toSend = new Set<string>();
  readonly #onAssign: ((host: string, task: DesiredTask) => void)[] = [];
  readonly #onForget: ((id: string) => void)[] = [];
  readonly #onStatus: ((host: string, status: TaskStatus__Output) => void)[] = [];
  #open = false;

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * A controller that has not read its state yet knows no task, and to send that would end what it merely has not read of. So until
   * this is called no task set is sent, and no lease given: nothing starts, and what is there ends by its own deadline.
   */
  open(): void {
    if (this.#open) return;
    this.#open = true;
    for (const host of this.#hosts.values()) this.#send(host.name);
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get hosts(): readonly FleetHost[] {
    return [...this.#hosts.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  host(name: string): FleetHost {
    const host = this.#hosts.get(name) ?? new FleetHost(name);
    this.#hosts.set(name, host);
    return host;
  }

  /** Of the hosts that are here now. */
  get inventory(): readonly HostInventory[] {
    return this.hosts.flatMap(({ connected, inventory }) =>
      connected && inventory !== undefined ? [inventory] : [],
    );
  }

  onAssign(listener: (host: string, task: DesiredTask) => void): void {
    this.#onAssign.push(listener);
  }

  onForget(listener: (id: string) => void): void {
    this.#onForget.push(listener);
  }

  onStatus(listener: (host: string, status: TaskStatus__Output) => void): void {
    this.#onStatus.push(listener);
  }

  joined(name: string, hello: Hello__Output, session: Session): void {
    const host = this.host(name);
    const isNew = host.session !== session;
    if (isNew) host.session?.end();
    host.session = session;
    // One that was only silent comes back in the boot in which it went.
    if (host.hello !== undefined && host.hello.bootId !== hello.bootId)
      this.#log.warn({ host: name, awayUs: host.leaseAgeUs }, 'a host has booted anew while it was away');
    host.hello = hello;
    host.bootedUs = hello.upUs > 0 ? monotonicUs() - hello.upUs : undefined;
    host.beat();
    if (isNew) this.#send(name);
    this.#observed.changed();
  }

  left(name: string, session: Session): void {
    const host = this.#hosts.get(name);
    // A replaced session ends after its successor has begun.
    if (host?.session === session) host.session = undefined;
  }

  reported(name: string, status: TaskStatus__Output): void {
    if (this.#desired.hostOf(status.id) === name) this.#observed.record(status);
    else this.#log.info({ host: name, task: status.id, state: status.state }, 'status of an unknown task');
    for (const listener of this.#onStatus) listener(name, status);
  }

  assign(host: string, task: DesiredTask): void {
    this.#desired.assign(host, task);
    for (const listener of this.#onAssign) listener(host, task);
    this.#send(host);
  }

  end(id: string): void {
    this.#send(this.#desired.end(id));
  }

  forget(id: string): void {
    this.#send(this.#desired.forget(id));
    this.#observed.forget(id);
    for (const listener of this.#onForget) listener(id);
  }

  /** A wait for several hosts: as the slowest of them needs it. */
  patienceUs(hosts: readonly string[], usualUs: number): number {
    return Math.max(usualUs, ...hosts.map((name) => this.host(name).patienceUs(usualUs)));
  }

  status(id: string): TaskStatus__Output | undefined {
    return this.#observed.get(id);
  }

  /** Resolves with the first status of the task that the predicate accepts. */
  async waitFor(
    id: string,
    predicate: (status: TaskStatus__Output) => boolean,
    options: WaitOptions,
  ): Promise<TaskStatus__Output> {
    const began = monotonicUs();
    const mayBeAwayUs = options.awayUs ?? awayUs;
    let presentUs = began;
    for (;;) {
      options.signal?.throwIfAborted();
      const status = this.#observed.get(id);
      if (status !== undefined && predicate(status)) return status;
      const host = this.#desired.hostOf(id);
      if (host === undefined) throw new OrdealError('ABORTED', `the task ${id} was taken back`);
      const now = monotonicUs();
      if (this.host(host).connected) presentUs = now;
      if (now - presentUs > mayBeAwayUs) {
        const away = formatDuration(mayBeAwayUs);
        throw new OrdealError('HOST_LOST', `the agent of host "${host}" has not been heard of for ${away}`);
      }
      if (now - began > this.host(host).patienceUs(options.withinUs))
        throw late(id, host, status, now - began);
      await this.#observed.next(lookEveryMs, options.signal);
    }
  }

  async waitForHost(name: string, options: WaitOptions): Promise<void> {
    const untilUs = monotonicUs() + options.withinUs;
    while (!this.host(name).connected) {
      options.signal?.throwIfAborted();
      if (monotonicUs() > untilUs) {
        throw new OrdealError('HOST_LOST', `no agent of host "${name}" is connected`);
      }
      await this.#observed.next(lookEveryMs, options.signal);
    }
  }

  /** Ends every session: agents dial again, and find nobody or the next controller. */
  close(): void {
    for (const host of this.#hosts.values()) host.session?.end();
  }

  /** The changes of one turn of the event loop travel together. */
  #send(name: string | undefined): void {
    if (name === undefined || this.#toSend.has(name)) return;
    this.#toSend.add(name);
    setImmediate(() => {
      this.#toSend.delete(name);
      if (this.#open) this.#hosts.get(name)?.session?.send({ tasks: { tasks: this.#desired.of(name) } });
    });
  }
}

function late(id: string, host: string, status: TaskStatus__Output | undefined, us: number): OrdealError {
  const last = status === undefined ? 'it has said nothing of it' : `its last word is ${status.state}`;
  const after = formatDuration(Math.round(us / 1000) * 1000);
  return new OrdealError(
    'HOST_LOST',
    `host "${host}" has not come on with task ${id} after ${after}: ${last}`,
  );
}
