import { type Agent, type IncomingMessage, request } from 'node:http';
import type { Outcome } from '../../events/sample-columns.ts';
import type { Expectation } from './options.ts';
import type { RequestClass } from './request-class.ts';

type Answered = (outcome: Exclude<Outcome, 'timeout'>, found: string) => void;

/**
 * Sends one request and says once what became of it: `ok`, `wrong` (the status that was expected, another content), `error` (another status, or
 * a connection that broke) or `refused` (nobody listens). Answers how to give it up: its connection is destroyed, and nothing more is said.
 */
export function exchange(kind: RequestClass, agent: Agent, answered: Answered): () => void {
  let open = true;
  const settle: Answered = (outcome, found) => {
    if (!open) return;
    open = false;
    answered(outcome, found);
  };
  const sent = request({ ...kind.send, agent }, (response) => read(response, kind.expect, settle));
  sent.on('error', (error: NodeJS.ErrnoException) => {
    settle(error.code === 'ECONNREFUSED' ? 'refused' : 'error', error.message);
  });
  sent.end(kind.body);
  return () => {
    open = false;
    sent.destroy();
  };
}

function read(response: IncomingMessage, expect: Expectation, settle: Answered): void {
  const status = response.statusCode ?? 0;
  const wanted = expect.body ?? expect.bodyContains;
  const pieces: Buffer[] = [];
  response.on('data', (piece: Buffer) => {
    if (wanted !== undefined) pieces.push(piece);
  });
  response.on('error', (error) => settle('error', error.message));
  response.on('end', () => {
    if (!response.complete) settle('error', 'the answer broke off');
    else if (status !== expect.status) settle('error', `status ${status}, not ${expect.status}`);
    else if (rightContent(pieces, expect)) settle('ok', `status ${status}`);
    else settle('wrong', `status ${status} with another content than expected`);
  });
}

function rightContent(pieces: readonly Buffer[], expect: Expectation): boolean {
  if (expect.body !== undefined) return Buffer.concat(pieces).equals(Buffer.from(expect.body));
  if (expect.bodyContains !== undefined) return Buffer.concat(pieces).includes(expect.bodyContains);
  return true;
}
