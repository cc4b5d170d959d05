import type { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectionPool } from './connections.ts';
import { exchange } from './exchange.ts';
import { durationUs, type HttpOptions } from './options.ts';
import { type RequestClass, requestClasses } from './request-class.ts';

/** Asks for every class of request once. The service is healthy when all are answered rightly and in time. */
export async function check(options: HttpOptions): Promise<{ healthy: boolean; found: string }> {
  const agent = connectionPool(0);
  const timeoutMs = durationUs(options.timeout) / 1000;
  const asked = requestClasses(options).map(async (kind) => await ask(kind, agent, timeoutMs));
  const answers = await Promise.all(asked);
  return {
    healthy: answers.every(({ right }) => right),
    found: answers.map(({ name, found }) => `${name}: ${found}`).join('; '),
  };
}

async function ask(
  kind: RequestClass,
  agent: Agent,
  timeoutMs: number,
): Promise<{ name: string; right: boolean; found: string }> {
  const { name } = kind;
  const over = new AbortController();
  return await new Promise((resolve) => {
    const giveUp = exchange(kind, agent, (outcome, found) => {
      over.abort();
      resolve({ name, right: outcome === 'ok', found });
    });
    sleep(timeoutMs, undefined, { signal: over.signal }).then(
      () => {
        giveUp();
        resolve({ name, right: false, found: `no answer within ${timeoutMs} ms` });
      },
      // It was answered before.
      () => undefined,
    );
  });
}
