import type { ClientDuplexStream } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs, sleepUntil } from '../../clock/monotonic.ts';
import { descriptors } from '../../injectors/catalogue.ts';
import type { ProtoGrpcType } from '../../proto/generated/agent.ts';
import type { AgentMessage } from '../../proto/generated/ordeal/v1/AgentMessage.ts';
import type { BeatReply__Output } from '../../proto/generated/ordeal/v1/BeatReply.ts';
import type { ControllerMessage__Output } from '../../proto/generated/ordeal/v1/ControllerMessage.ts';
import type { Task__Output } from '../../proto/generated/ordeal/v1/Task.ts';
import type { TaskStatus } from '../../proto/generated/ordeal/v1/TaskStatus.ts';
import { channelOptions, clientCredentials, tlsFiles } from '../../service/credentials.ts';
import { loadProto } from '../../service/proto.ts';

type Stream = ClientDuplexStream<AgentMessage, ControllerMessage__Output>;
type State = 'STAGED' | 'ACTIVE' | 'ENDED' | 'FAILED' | 'STUCK';

interface Live {
  task: Task__Output;
  readonly ended: AbortController;
  startUs: number;
  final: boolean;
}

interface Options {
  readonly host: string;
  /** Of the certificate, where that is not the host's. */
  readonly certificate?: string;
  readonly controller: string;
  readonly certificates: string;
}

/**
 * The agents' end of the protocol, and nothing behind it: it does as it is told, at the instants it is told, on the controller's own clock
 * (both are on one machine). A test may make it fail.
 */
export class ScriptedAgent {
  readonly options: Options;
  /** Every task set, as it came. */
  readonly sets: Task__Output[][] = [];
  readonly beats: BeatReply__Output[] = [];
  readonly acknowledged: string[] = [];
  /** What happened, as `work state`, in order. */
  readonly history: {
    readonly id: string;
    readonly work: string;
    readonly state: State;
    readonly atUs: number;
  }[] = [];
  /** What the next host checks find. */
  residue: string[] = [];
  /** The kind of work that does not come to its end for now. */
  held: Task__Output['work'];
  /** How an injection fails when it is staged; by default not at all. */
  refusal: { errorCode: string; errorMessage: string } | undefined;
  /** Whether it has stopped to beat, as a host that hangs does. */
  silent = false;
  /** Of its host, as it says both at its next dialling. */
  bootId = 'boot';
  things: readonly { readonly kind: string; readonly name: string }[] = [{ kind: 'container', name: 'web' }];
  endedBecause: string | undefined;
  endedCode: number | undefined;
  readonly #live = new Map<string, Live>();
  readonly #unacknowledged = new Map<string, TaskStatus>();
  readonly #latest = new Map<string, TaskStatus>();
  /** What the controller of this session has asked for; before its first set, nothing. */
  #wanted: ReadonlySet<string> = new Set();
  readonly #stop = new AbortController();
  #stream: Stream | undefined;
  #leaseUntilUs = 0;

  constructor(options: Options) {
    this.options = options;
  }

  /** Dials, and dials again until stopped. */
  start(): void {
    void this.#run();
  }

  /** One session: resolves when it has ended. */
  async session(): Promise<void> {
    const { AgentService } = loadProto<ProtoGrpcType>('ordeal/v1/agent.proto').ordeal.v1;
    const { host, certificate = `agent-${host}`, controller, certificates } = this.options;
    const client = new AgentService(
      controller,
      clientCredentials(tlsFiles(certificates, certificate), 'controller'),
      channelOptions,
    );
    const stream = client.session();
    const cancel = (): void => stream.cancel();
    this.#stop.signal.addEventListener('abort', cancel, { once: true });
    this.#stream = stream;
    this.#wanted = new Set();
    await new Promise<void>((resolve) => {
      const beat = (): void => {
        if (!this.silent) stream.write({ beat: { sentUs: monotonicUs() } });
      };
      const timer = setInterval(beat, 200);
      const over = (why: string, code?: number): void => {
        clearInterval(timer);
        this.#stop.signal.removeEventListener('abort', cancel);
        this.endedBecause ??= why;
        this.endedCode ??= code;
        resolve();
      };
      stream.on('error', (error: Error & { code?: number }) => over(error.message, error.code));
      stream.on('end', () => over('ended by the controller'));
      stream.on('data', (message: ControllerMessage__Output) => this.#receive(message));
      stream.write({ hello: this.#hello() });
      beat();
      for (const status of this.#unacknowledged.values()) stream.write({ status });
    });
    if (this.#stream === stream) this.#stream = undefined;
    client.close();
  }

  /** Cuts the session; `start` dials again. */
  cut(): void {
    this.#stream?.cancel();
  }

  say(status: TaskStatus): void {
    this.#unacknowledged.set(status.id ?? '', status);
    this.#latest.set(status.id ?? '', status);
    this.#stream?.write({ status });
  }

  stop(): void {
    this.#stop.abort();
    for (const { ended } of this.#live.values()) ended.abort();
  }

  /** Faults that are there. */
  get active(): string[] {
    return [...this.#live.values()]
      .filter(
        ({ task, startUs, final }) => task.injection && !final && startUs > 0 && startUs <= monotonicUs(),
      )
      .map(({ task }) => task.id);
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.session();
      await sleep(100);
    }
  }

  #hello() {
    const { host } = this.options;
    return {
      host,
      version: '0.1.0',
      incarnation: '00000000',
      bootId: this.bootId,
      upUs: monotonicUs(),
      kernel: '6.1',
      labels: {},
      resources: [{ kind: 'host', name: host }, ...this.things],
      capabilities: descriptors.map(({ name }) => ({ mechanism: name, supported: true })),
    };
  }

  #receive({ beat, tasks, ack }: ControllerMessage__Output): void {
    if (beat) {
      this.beats.push(beat);
      this.#leaseUntilUs = Math.max(this.#leaseUntilUs, beat.sentUs + beat.leaseUs);
    }
    if (ack) {
      this.acknowledged.push(ack.id);
      if (this.#unacknowledged.get(ack.id)?.state === ack.state) this.#unacknowledged.delete(ack.id);
      this.#forgetSettled();
    }
    if (tasks) this.#reconcile(tasks.tasks);
  }

  #reconcile(tasks: Task__Output[]): void {
    this.sets.push(tasks);
    const before = this.#wanted;
    this.#wanted = new Set(tasks.map(({ id }) => id));
    for (const { id } of tasks) {
      const latest = this.#latest.get(id);
      // As the real agent: whoever wants it anew has not heard what its predecessor has acknowledged.
      if (!before.has(id) && latest !== undefined) this.say(latest);
    }
    for (const task of tasks) {
      const live = this.#live.get(task.id) ?? this.#begin(task);
      live.task = task;
      live.startUs ||= task.injection?.startUs ?? 0;
      if (task.end) live.ended.abort();
    }
    for (const [id, live] of this.#live) if (!this.#isWanted(id)) live.ended.abort();
    this.#forgetSettled();
  }

  /** What is over, acknowledged and wanted no longer would be begun anew, were it ordered again. */
  #forgetSettled(): void {
    for (const [id, { final }] of this.#live) {
      if (final && !this.#unacknowledged.has(id) && !this.#isWanted(id)) this.#forget(id);
    }
  }

  #forget(id: string): void {
    this.#live.delete(id);
    this.#latest.delete(id);
  }

  #isWanted(id: string): boolean {
    return this.sets.at(-1)?.some((task) => task.id === id) ?? true;
  }

  #begin(task: Task__Output): Live {
    const live: Live = { task, ended: new AbortController(), startUs: 0, final: false };
    this.#live.set(task.id, live);
    void this.#do(live);
    return live;
  }

  async #do(live: Live): Promise<void> {
    const { task, ended } = live;
    const say = (state: State, more: TaskStatus = {}): void => {
      live.final = state === 'ENDED' || state === 'FAILED';
      this.history.push({ id: task.id, work: task.work ?? 'none', state, atUs: monotonicUs() });
      this.say({ id: task.id, state, atUs: monotonicUs(), ...more });
    };
    await Promise.resolve();
    const until = async (us: number): Promise<void> =>
      await sleepUntil(us, AbortSignal.any([ended.signal, this.#stop.signal])).catch(() => undefined);
    if (task.injection) {
      if (this.refusal !== undefined && !task.end) {
        say('FAILED', this.refusal);
        return;
      }
      say('STAGED');
      while (live.startUs === 0 && !ended.signal.aborted) await until(monotonicUs() + 5_000);
      await until(live.startUs);
      if (!ended.signal.aborted) {
        if (monotonicUs() > this.#leaseUntilUs) {
          say('FAILED', { errorCode: 'LEASE_EXPIRED', errorMessage: 'no lease' });
          return;
        }
        say('ACTIVE');
        await until(live.startUs + task.injection.durationUs);
      }
      say('ENDED', { effects: { count: 1 } });
      return;
    }
    if (task.workload) {
      say('STAGED');
      await until(task.workload.startUs);
      if (!ended.signal.aborted) say('ACTIVE');
      await until(task.workload.startUs + task.workload.durationUs);
      say('ENDED');
      return;
    }
    if (task.watch) {
      say('ACTIVE');
      await until(monotonicUs() + task.watch.withinUs);
      say('ENDED');
      return;
    }
    while (task.work === this.held && !ended.signal.aborted) await until(monotonicUs() + 5_000);
    say('ENDED', task.hostCheck ? { found: this.residue } : {});
  }
}
