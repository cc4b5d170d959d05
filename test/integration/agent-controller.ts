import assert from 'node:assert/strict';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { ProtoGrpcType } from '../../proto/generated/agent.ts';
import type { AgentMessage__Output } from '../../proto/generated/ordeal/v1/AgentMessage.ts';
import type { ControllerMessage } from '../../proto/generated/ordeal/v1/ControllerMessage.ts';
import type { Hello__Output } from '../../proto/generated/ordeal/v1/Hello.ts';
import type { Task } from '../../proto/generated/ordeal/v1/Task.ts';
import type { TaskStatus__Output } from '../../proto/generated/ordeal/v1/TaskStatus.ts';
import type { TlsFiles } from '../../service/credentials.ts';
import { startGrpcServer, type GrpcServer } from '../../service/grpc-server.ts';
import { createLog } from '../../service/log.ts';
import { loadProto } from '../../service/proto.ts';
import { until } from '../until.ts';

type Stream = ServerDuplexStream<AgentMessage__Output, ControllerMessage>;

/** So far is the controller's clock ahead of the agent's: as if on another machine, so that an instant that is not converted shows. */
const aheadUs = 3_600_000_000;
const leaseUs = 2_000_000;

/** The controller's end of the agents' protocol, and nothing behind it: a test says what is wanted and sees what is answered. */
export class AgentController {
  readonly address: string;
  readonly hellos: Hello__Output[] = [];
  readonly statuses: TaskStatus__Output[] = [];
  /** When each beat was sent, by the agent's clock. */
  readonly beats: number[] = [];
  readonly #tls: TlsFiles;
  readonly #sessions = new Set<Stream>();
  #tasks: readonly Task[] = [];
  #server: GrpcServer | undefined;
  /** Whether statuses are acknowledged. */
  acknowledges = true;
  /** What the agents have written, for the message of a test that fails. */
  logged = '';

  constructor(address: string, tls: TlsFiles) {
    this.address = address;
    this.#tls = tls;
  }

  get nowUs(): number {
    return monotonicUs() + aheadUs;
  }

  async start(): Promise<void> {
    const { AgentService } = loadProto<ProtoGrpcType>('ordeal/v1/agent.proto').ordeal.v1;
    this.#server = await startGrpcServer({
      addresses: [this.address],
      tls: this.#tls,
      log: createLog('test-controller', { level: 'silent' }),
      register: (server) => {
        server.addService(AgentService.service, { session: (stream: Stream) => this.#serve(stream) });
      },
    });
  }

  async stop(): Promise<void> {
    this.hangUp();
    await this.#server?.stop();
    this.#server = undefined;
  }

  /** Ends every session; the agents dial again. */
  hangUp(): void {
    for (const stream of this.#sessions) stream.end();
    this.#sessions.clear();
  }

  want(...tasks: Task[]): void {
    this.#tasks = tasks;
    for (const stream of this.#sessions) stream.write({ tasks: { tasks } });
  }

  /**
   * Has faults staged, and started together when all are: when they start. A start that is reckoned before may be over when a slow agent has
   * dialled and staged.
   */
  async begin(...faults: Task[]): Promise<number> {
    this.want(...faults);
    for (const { id } of faults) await this.status(id ?? '', 'STAGED');
    const startUs = this.nowUs + 3_000_000;
    this.want(...faults.map((task) => ({ ...task, injection: { ...task.injection, startUs } })));
    for (const { id } of faults) await this.status(id ?? '', 'ACTIVE');
    return startUs;
  }

  /** In the order in which they were said, each once: a status may be said again until its acknowledgement arrives. */
  statesOf(id: string): string[] {
    return [...new Set(this.statuses.filter((status) => status.id === id).map(({ state }) => state))];
  }

  async status(id: string, ...states: string[]): Promise<TaskStatus__Output> {
    return await this.until(`task ${id} is ${states.join(' or ')}`, () =>
      this.statuses.find((status) => status.id === id && states.includes(status.state)),
    );
  }

  async until<Found>(claim: string, look: () => Found | undefined): Promise<Found> {
    let found = look();
    await until(claim, () => (found ??= look()) !== undefined, 10).catch((cause: unknown) => {
      const said = this.statuses.map(({ id, state, errorMessage }) => `${id} ${state} ${errorMessage}`);
      throw new Error(`${claim}? Said was: ${said.join('; ')}; logged was: ${this.logged}`, { cause });
    });
    assert.ok(found !== undefined);
    return found;
  }

  #serve(stream: Stream): void {
    this.#sessions.add(stream);
    stream.on('error', () => this.#sessions.delete(stream));
    stream.on('end', () => {
      this.#sessions.delete(stream);
      stream.end();
    });
    stream.on('data', (message: AgentMessage__Output) => {
      if (message.hello) {
        this.hellos.push(message.hello);
        stream.write({ tasks: { tasks: [...this.#tasks] } });
      }
      if (message.beat) {
        this.beats.push(message.beat.sentUs);
        stream.write({ beat: { sentUs: message.beat.sentUs, controllerUs: this.nowUs, leaseUs } });
      }
      if (!message.status) return;
      this.statuses.push(message.status);
      if (this.acknowledges) stream.write({ ack: { id: message.status.id, state: message.status.state } });
    });
  }
}
