import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Attempt } from './attempt.ts';
import { failureOf } from './failure.ts';
import { limits } from './limits.ts';

/** Looks on every host for anything of Ordeal's. Where there is, the host is in quarantine until a later look finds nothing. */
export async function checkHosts(attempt: Attempt, step: string): Promise<void> {
  const looks = await Promise.allSettled(
    attempt.hosts.map(async (host, index) => await lookAt(attempt, host, attempt.taskId(`${step}-${index}`))),
  );
  attempt.signal.throwIfAborted();
  const failures = looks.flatMap((look) =>
    look.status === 'rejected' ? [OrdealError.from(look.reason)] : [],
  );
  // Residue says more than an agent that is away.
  const worst = failures.find((failure) => failure.code === 'DIRTY_HOST') ?? failures[0];
  if (worst !== undefined) throw worst;
}

async function lookAt(attempt: Attempt, host: string, id: string): Promise<void> {
  attempt.assign(host, id, { hostCheck: {} });
  const status = await attempt.wait(id, ({ state }) => state === 'ENDED' || state === 'FAILED', {
    withinUs: limits.hostCheckUs,
  });
  if (status.found.length === 0 && status.state === 'FAILED') throw failureOf(status);
  attempt.options.fleet.host(host).quarantinedBecause = status.found;
  if (status.found.length === 0) return;
  throw new OrdealError('DIRTY_HOST', `something of Ordeal is on host "${host}": ${status.found.join('; ')}`);
}
