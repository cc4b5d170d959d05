import { OrdealError } from '../errors/ordeal-error.ts';
import type { Event, EventKind, Identity } from './event.ts';
import { subjectOf } from './streams.ts';

/** What decides on a trial is said by one process alone: a host that is faulted, or taken over, ends no trial and makes no plan. */
const onlySpeakers: Readonly<Partial<Record<EventKind, string>>> = {
  'campaign.started': 'controller',
  'campaign.ended': 'controller',
  'trial.started': 'controller',
  'trial.step': 'controller',
  'trial.scheduled': 'controller',
  'trial.ended': 'controller',
  'trial.pruned': 'controller',
  'fault.awaited': 'controller',
  'campaign.paused': 'controller',
  'campaign.resumed': 'controller',
  'campaign.concluded': 'controller',
  'block.ended': 'controller',
  'block.measured': 'metrics',
  'trial.measured': 'metrics',
  'trial.watched': 'metrics',
};

/** NATS lets a producer speak under its own subjects only; so whoever a message says that it is from has to be the one of its subject. */
export function checkSpeaker(
  subject: string,
  stream: { readonly prefix: string },
  said: Identity & { readonly host: string },
): void {
  if (subject === subjectOf(stream, said, said.producer) && said.host === said.producer) return;
  throw new OrdealError(
    'INVALID_INPUT',
    `a message under ${subject} says that it is of ${said.producer} on ${said.host}`,
  );
}

export function checkKind({ producer, body: { kind } }: Event): void {
  const only = onlySpeakers[kind];
  if (only === undefined || only === producer) return;
  throw new OrdealError('INVALID_INPUT', `${producer} says ${kind}, which only the ${only} may say`);
}
