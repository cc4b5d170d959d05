import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { isKind, type Event } from '../../events/event.ts';
import { encodeSamples, type SampleBatch, type SampleHeader } from '../../events/samples.ts';
import { batchesIn } from './batches-in.ts';
import { parseEventLine } from './event-line.ts';
import type { SavedRun } from './saved-run.ts';

/**
 * Appends to a saved run. What has returned is in the files, so its message may be acknowledged; after a kill in between the message comes
 * again, and the caller, who knows what is in the files, drops it. After an error the end of a file may be torn: open the run anew.
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
  return lines.map((line, index) => parseEventLine(run.eventsFile, line, index + 1));
}

/** The same for the samples of every attempt: what the batches say of themselves, one file at a time in memory. */
export function recoverSamples(run: SavedRun): SampleHeader[] {
  const headers: SampleHeader[] = [];
  for (const name of readdirSync(run.samplesDirectory)) {
    const file = join(run.samplesDirectory, name);
    const bytes = readFileSync(file);
    const { batches, wholeBytes, damage } = batchesIn(bytes);
    // Only the end can be torn; damage with something whole behind it is another thing, and nothing of it may be cut away.
    if (damage === 'torn') truncateSync(file, wholeBytes);
    else if (damage !== undefined) throw new OrdealError('DAMAGED_RUN', `${file}: ${damage}`);
    headers.push(...batches.map(({ header }) => header));
  }
  return headers;
}
