import { monotonicUs } from '../clock/monotonic.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Effects } from '../injectors/injector.ts';
import type { Effects as EffectsMessage } from '../proto/generated/ordeal/v1/Effects.ts';
import type { TaskStatus } from '../proto/generated/ordeal/v1/TaskStatus.ts';

type State = 'STAGED' | 'ACTIVE' | 'ENDED' | 'FAILED' | 'STUCK';

/** What is observed of a task: the observed state is set only here, the desired one only by the controller. */
export interface Status {
  readonly state: State;
  readonly error?: { readonly code: string; readonly message: string };
  readonly effects?: Effects;
  readonly found?: readonly string[];
  readonly target?: string;
}

export interface StatusOfTask extends Status {
  readonly id: string;
  /** In this host's monotonic clock. */
  readonly atUs: number;
}

export function isFinal(status: Status): boolean {
  return status.state === 'ENDED' || status.state === 'FAILED';
}

export function failed(error: unknown): Status {
  const { code, message, advice } = OrdealError.from(error);
  // A status has no other place for it, and whoever reads it cannot ask for more.
  return {
    state: 'FAILED',
    error: { code, message: advice === undefined ? message : `${message} (${advice})` },
  };
}

export function statusOf(id: string, status: Status): StatusOfTask {
  return { id, atUs: monotonicUs(), ...status };
}

export function toMessage(status: StatusOfTask): TaskStatus {
  return {
    id: status.id,
    state: status.state,
    errorCode: status.error?.code ?? '',
    errorMessage: status.error?.message ?? '',
    found: [...(status.found ?? [])],
    atUs: status.atUs,
    target: status.target ?? '',
    ...(status.effects === undefined ? {} : { effects: effectsMessage(status.effects) }),
  };
}

function effectsMessage({ count, firstUs, lastUs, dose, remark }: Effects): EffectsMessage {
  return {
    ...(count === 'unknown' ? {} : { count }),
    ...(firstUs === undefined ? {} : { firstUs }),
    ...(lastUs === undefined ? {} : { lastUs }),
    ...(dose === undefined ? {} : { dose }),
    ...(remark === undefined ? {} : { remark }),
  };
}
