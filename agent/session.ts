import type { ClientDuplexStream } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../clock/monotonic.ts';
import type { ProtoGrpcType } from '../proto/generated/agent.ts';
import type { AgentMessage } from '../proto/generated/ordeal/v1/AgentMessage.ts';
import type { ControllerMessage__Output } from '../proto/generated/ordeal/v1/ControllerMessage.ts';
import type { Hello } from '../proto/generated/ordeal/v1/Hello.ts';
import type { Task__Output } from '../proto/generated/ordeal/v1/Task.ts';
import { channelOptions, clientCredentials, type TlsFiles } from '../service/credentials.ts';
import type { Log } from '../service/log.ts';
import { loadProto } from '../service/proto.ts';
import type { ClockOffset } from './clock-offset.ts';
import type { Lease } from './lease.ts';
import type { Outbox } from './outbox.ts';
import { toMessage } from './status.ts';

interface Options {
  /** host:port */
  readonly controller: string;
  readonly tls: TlsFiles;
  readonly hello: () => Hello;
  readonly lease: Lease;
  readonly clock: ClockOffset;
  readonly outbox: Outbox;
  /** A session begins, perhaps with another controller than the last. */
  readonly onDial: () => void;
  readonly onTasks: (tasks: readonly Task__Output[]) => void;
  readonly onAcknowledged: () => void;
  readonly log: Log;
}

type Stream = ClientDuplexStream<AgentMessage, ControllerMessage__Output>;

const beatEveryMs = 500;
/** So many beats without an answer, and the connection is taken for dead, whatever TCP still believes. */
const silentBeats = 6;
/** Until the first answer there is the handshake to do as well, which a starved or emulated host takes its time for. */
const silentBeatsDialling = 40;
/** A status that is not acknowledged is said again, should the controller have failed to keep it. */
const beatsPerResend = 10;
/** When the clocks are compared beyond the first beat: a task that comes early shall find a good reading. */
const comparisonsMs = [0, 20, 40];
/** What was said last gets so long to be acknowledged; the next start says it again. */
const lastWordsUs = 500_000;
const firstPauseMs = 200;
/** A controller that is back is found after this, and a hundred hosts that dial do not hinder it. */
const longestPauseMs = 5_000;

/** The one connection to the controller, dialled again for ever. */
export class Session {
  readonly #options: Options;
  readonly #stop = new AbortController();
  #stream: Stream | undefined;
  #running: Promise<void> | undefined;
  #heard = false;

  constructor(options: Options) {
    this.#options = options;
    options.outbox.onStatus((status) => this.#send({ status: toMessage(status) }));
  }

  /** Whether the controller answers on it. */
  get connected(): boolean {
    return this.#stream !== undefined && this.#heard;
  }

  start(): void {
    this.#running = this.#run();
  }

  sayHello(): void {
    this.#send({ hello: { ...this.#options.hello(), upUs: monotonicUs() } });
  }

  async stop(): Promise<void> {
    const giveUpAtUs = monotonicUs() + lastWordsUs;
    while (this.connected && this.#options.outbox.pending().length > 0 && monotonicUs() < giveUpAtUs) {
      await sleep(20);
    }
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const isOver = (): boolean => signal.aborted;
    let pauseMs = firstPauseMs;
    while (!isOver()) {
      const { controller, log } = this.#options;
      const why = await this.#once().catch((error: unknown) => String(error));
      if (isOver()) return;
      pauseMs = this.#heard ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs);
      log.warn({ controller, why }, 'the session with the controller has ended; dialling again');
      // Half of it at random, so that the hosts that lost one controller do not come back all at once.
      const jittered = pauseMs * (0.5 + Math.random() / 2);
      await sleep(jittered, undefined, { signal }).catch(() => undefined);
    }
  }

  /** From dialling to the end of the session; answers why it ended. */
  async #once(): Promise<string> {
    const { controller, tls, log } = this.#options;
    const { AgentService } = loadProto<ProtoGrpcType>('ordeal/v1/agent.proto').ordeal.v1;
    // Certificates are read each time: they may have been renewed. A new channel has no memory of past failures to wait for.
    const client = new AgentService(controller, clientCredentials(tls, 'controller'), channelOptions);
    const stream = client.session();
    this.#heard = false;
    this.#stream = stream;
    const close = (): void => stream.cancel();
    this.#stop.signal.addEventListener('abort', close, { once: true });
    const timers: NodeJS.Timeout[] = [];
    let silence = 0;
    let beats = 0;
    const compare = (): void => this.#send({ beat: { sentUs: monotonicUs() } });
    const beat = (): void => {
      silence += 1;
      beats += 1;
      if (silence > (this.#heard ? silentBeats : silentBeatsDialling)) close();
      compare();
      if (beats % beatsPerResend === 0) this.#resend();
    };
    try {
      this.#options.onDial();
      return await new Promise<string>((resolve) => {
        stream.on('error', (error) => resolve(error.message));
        stream.on('end', () => resolve('the controller ended it'));
        stream.on('data', (message: ControllerMessage__Output) => {
          silence = 0;
          this.#receive(message);
          if (this.#heard) return;
          this.#heard = true;
          log.info({ controller }, 'the controller answers');
          // The first exchange took as long as the dialling; these are as short as they will ever be.
          for (const delayMs of comparisonsMs) timers.push(setTimeout(compare, delayMs));
        });
        this.sayHello();
        this.#resend();
        beat();
        timers.push(setInterval(beat, beatEveryMs));
      });
    } finally {
      for (const timer of timers) clearTimeout(timer);
      this.#stop.signal.removeEventListener('abort', close);
      this.#stream = undefined;
      stream.cancel();
      client.close();
    }
  }

  #receive(message: ControllerMessage__Output): void {
    const receivedUs = monotonicUs();
    const { lease, clock, outbox, onTasks, onAcknowledged } = this.#options;
    if (message.beat) {
      const { sentUs, controllerUs, leaseUs } = message.beat;
      clock.read(sentUs, controllerUs, receivedUs);
      lease.renew(sentUs, leaseUs);
    } else if (message.tasks) onTasks(message.tasks.tasks);
    else if (message.ack) {
      outbox.acknowledge(message.ack.id, message.ack.state);
      onAcknowledged();
    }
  }

  #resend(): void {
    for (const status of this.#options.outbox.pending()) this.#send({ status: toMessage(status) });
  }

  /** Into nothing while there is no session: the next one begins with all of it. */
  #send(message: AgentMessage): void {
    this.#stream?.write(message);
  }
}
