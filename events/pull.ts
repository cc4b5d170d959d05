import { createInbox, type Msg, type NatsConnection } from 'nats';

/** A message of a stream, as one of its consumers got it. */
export interface Pulled {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly sequence: number;
  /** Counts the deliveries of this consumer from 1: a gap in it is a delivery that was lost on its way. */
  readonly delivery: number;
  readonly ack: () => void;
  /** It is being worked on: the server's wait for an answer begins anew. */
  readonly working: () => void;
  /** Never again, to nobody of this consumer. */
  readonly term: () => void;
}

/** A request for messages is renewed so often; a server that forgot it in a restart is asked again no later. */
const requestMs = 2_000;
const graceMs = 1_000;

/**
 * Asks once for so many messages. `arrived` is told of each as soon as it is here; they are handed over one after the other, however long the
 * reader takes for each. Over when the server has said that there are no more, or, should it say nothing, after the time of the request.
 */
export async function* pull(
  client: NatsConnection,
  consumer: { readonly stream: string; readonly name: string; readonly inbox: string },
  options: { readonly batch: number; readonly signal: AbortSignal; readonly arrived: (one: Pulled) => void },
): AsyncGenerator<Pulled> {
  const { batch, signal, arrived } = options;
  const here: Pulled[] = [];
  let left = batch;
  const request: { isOver: boolean; failure?: Error } = { isOver: false };
  let wake = (): void => undefined;
  const end = (error?: Error): void => {
    request.isOver = true;
    if (error !== undefined) request.failure ??= error;
    wake();
  };
  const receive = (message: Msg): void => {
    if (endsRequest(message)) {
      end();
      return;
    }
    const one = pulled(client, message);
    arrived(one);
    here.push(one);
    left -= 1;
    if (left === 0) request.isOver = true;
    wake();
  };
  const inbox = createInbox(consumer.inbox);
  const subscription = client.subscribe(inbox, {
    callback: (error, message) => {
      if (error !== null) end(error);
      else attempt(() => receive(message), end);
    },
  });
  const timer = setTimeout(end, requestMs + graceMs);
  const isStopped = (): boolean => signal.aborted;
  const abort = (): void => end();
  signal.addEventListener('abort', abort);
  // A connection that closes takes its subscriptions with it.
  void subscription.closed.then(abort);
  try {
    const asked = JSON.stringify({ batch, expires: requestMs * 1_000_000 });
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${consumer.stream}.${consumer.name}`;
    client.publish(subject, asked, { reply: inbox });
    for (;;) {
      for (let one = here.shift(); one !== undefined; one = here.shift()) {
        yield one;
        if (isStopped()) return;
      }
      if (request.failure !== undefined) throw request.failure;
      if (request.isOver) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    if (!subscription.isClosed()) subscription.unsubscribe();
  }
}

function attempt(work: () => void, failed: (error: Error) => void): void {
  try {
    work();
  } catch (error) {
    failed(error instanceof Error ? error : new Error(String(error)));
  }
}

function endsRequest(message: Msg): boolean {
  const code = message.headers?.code ?? 0;
  if (code === 0) return false;
  // 404 and 408: there is nothing (more) within the time. Else the consumer or JetStream is gone.
  if (code === 404 || code === 408) return true;
  throw new Error(`${code} ${message.headers?.description ?? ''}`);
}

function pulled(client: NatsConnection, message: Msg): Pulled {
  const { reply = '', data, subject } = message;
  const answer = (word: string) => (): void => {
    // Of a lost connection, an answer is lost too: the message comes again, and is known by its id.
    if (!client.isClosed()) client.publish(reply, word);
  };
  return {
    subject,
    data,
    ...sequencesOf(reply),
    ack: answer('+ACK'),
    working: answer('+WPI'),
    term: answer('+TERM'),
  };
}

/** `$JS.ACK.stream.consumer.delivered.sequence.delivery.time.pending`, with domain and account after ACK in its longer form. */
function sequencesOf(reply: string): { sequence: number; delivery: number } {
  const tokens = reply.split('.');
  const [sequence, delivery] = tokens.slice(tokens.length >= 11 ? 7 : 5).map(Number);
  if (sequence === undefined || delivery === undefined || !Number.isSafeInteger(sequence + delivery))
    throw new Error(`"${reply}" is not where JetStream waits for an answer`);
  return { sequence, delivery };
}
