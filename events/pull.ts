import { createInbox, type Msg, type NatsConnection } from 'nats';

/** A message of a stream, as one of its consumers got it. */
export interface Pulled {
  readonly data: Uint8Array;
  readonly sequence: number;
  /** Counts the deliveries of this consumer from 1: a gap in it is a delivery that was lost on its way. */
  readonly delivery: number;
  readonly ack: () => void;
  /** Never again, to nobody of this consumer. */
  readonly term: () => void;
}

/** A request for messages is renewed so often; a server that forgot it in a restart is asked again no later. */
const requestMs = 2_000;
const graceMs = 1_000;

/** The messages that one request brings: ends when it has brought `batch`, or when its time is over. */
export async function* pull(
  client: NatsConnection,
  consumer: { readonly stream: string; readonly name: string },
  batch: number,
  signal: AbortSignal,
): AsyncGenerator<Pulled> {
  const inbox = createInbox();
  const subscription = client.subscribe(inbox);
  const end = (): void => subscription.unsubscribe();
  const timer = setTimeout(end, requestMs + graceMs);
  signal.addEventListener('abort', end);
  try {
    const request = JSON.stringify({ batch, expires: requestMs * 1_000_000 });
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${consumer.stream}.${consumer.name}`;
    client.publish(subject, request, { reply: inbox });
    let left = batch;
    for await (const message of subscription) {
      if (endsRequest(message)) return;
      left -= 1;
      yield pulled(client, message);
      if (left === 0) return;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    if (!subscription.isClosed()) end();
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
  const { reply = '', data } = message;
  const answer = (word: string) => (): void => {
    // Of a lost connection, an answer is lost too: the message comes again, and is known by its id.
    if (!client.isClosed()) client.publish(reply, word);
  };
  return { data, ...sequencesOf(reply), ack: answer('+ACK'), term: answer('+TERM') };
}

/** `$JS.ACK.stream.consumer.delivered.sequence.delivery.time.pending`, with domain and account after ACK in its longer form. */
function sequencesOf(reply: string): { sequence: number; delivery: number } {
  const tokens = reply.split('.');
  const [sequence, delivery] = tokens.slice(tokens.length >= 11 ? 7 : 5).map(Number);
  if (sequence === undefined || delivery === undefined || !Number.isSafeInteger(sequence + delivery))
    throw new Error(`"${reply}" is not where JetStream waits for an answer`);
  return { sequence, delivery };
}
