import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { isKind, type Event } from '../../events/event.ts';
import { decodeSamples, encodeSamples, type SampleBatch } from '../../events/samples.ts';
import { eventSchema } from '../../events/event.ts';
import type { SavedRun } from './saved-run.ts';

/**
 * Appends to a saved run. What `add` has returned for is in the files, so its message may be acknowledged; a kill in between makes the message come
 * again, and the caller, who knows what is in the files, drops it.
 */
export class RunWriter {
  readonly run: SavedRun;

  constructor(run: SavedRun) {
    this.run = run;
    mkdirSync(run.samplesDirectory, { recursive: true });
  }

  event(event: Event): void {
    if (isKind(event, 'campaign.started')) {
      writeFileSync(this.run.campaignFile, event.body.file);
      writeFileSync(this.run.planFile, `${JSON.stringify(event.body.plan, undefined, 2)}\n`);
    }
    appendFileSync(this.run.eventsFile, `${JSON.stringify(event)}\n`);
  }

  samples(batch: SampleBatch): void {
    const { trial, attempt } = batch.header;
    if (trial === undefined || attempt === undefined) return;
    appendFileSync(this.run.samplesFile(trial, attempt), encodeSamples(batch));
  }
}

/** Cuts off what a kill in the middle of an append has left, and answers the events that are whole. */
export function recoverEvents(run: SavedRun): Event[] {
  if (!existsSync(run.eventsFile)) return [];
  const bytes = readFileSync(run.eventsFile);
  const whole = bytes.lastIndexOf('\n') + 1;
  if (whole < bytes.length) truncateSync(run.eventsFile, whole);
  const lines = bytes.toString('utf8', 0, whole).split('\n').slice(0, -1);
  return lines.map((line) => eventSchema.parse(JSON.parse(line)));
}

/** The same for the samples of an attempt. */
export function recoverSamples(run: SavedRun, trial: string, attempt: number): SampleBatch[] {
  const file = run.samplesFile(trial, attempt);
  if (!existsSync(file)) return [];
  const bytes = readFileSync(file);
  const batches: SampleBatch[] = [];
  for (let at = 0; at < bytes.length;) {
    try {
      const { batch, next } = decodeSamples(bytes, at);
      batches.push(batch);
      at = next;
    } catch {
      truncateSync(file, at);
      break;
    }
  }
  return batches;
}
