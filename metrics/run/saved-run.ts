import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Event } from '../../events/event.ts';
import type { SampleBatch } from '../../events/samples.ts';
import { Seen } from '../../events/seen.ts';
import { batchesIn } from './batches-in.ts';
import { parseEventLine } from './event-line.ts';

/** The folder of a saved run, and how its parts are read; docs/saved-run.md describes the format. */
export class SavedRun {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  get campaign(): string {
    return basename(this.directory);
  }

  get eventsFile(): string {
    return join(this.directory, 'events.ndjson');
  }

  get samplesDirectory(): string {
    return join(this.directory, 'samples');
  }

  get measuresFile(): string {
    return join(this.directory, 'measures.json');
  }

  get reportFile(): string {
    return join(this.directory, 'report.html');
  }

  get campaignFile(): string {
    return join(this.directory, 'campaign.yaml');
  }

  get planFile(): string {
    return join(this.directory, 'plan.json');
  }

  samplesFile(trial: string, attempt: number): string {
    return join(this.samplesDirectory, `${trial}-${attempt}.samples`);
  }

  /** Every event once, in the order of arrival. */
  async events(): Promise<Event[]> {
    const text = await readFile(this.eventsFile, 'utf8').catch((cause: unknown) => {
      throw new OrdealError(
        'NOT_FOUND',
        `${this.directory} is no saved run: it has no events.ndjson that can be read`,
        {
          cause,
          remedy: 'Name the folder of a campaign, such as runs/<id>.',
        },
      );
    });
    const seen = new Seen();
    const lines = text.split('\n');
    if (lines.at(-1) !== '') throw this.#damaged(this.eventsFile, `line ${lines.length} is cut off`);
    return lines
      .slice(0, -1)
      .map((line, index) => parseEventLine(this.eventsFile, line, index + 1))
      .filter((event) => seen.add(event));
  }

  /** Every batch of an attempt once; none where it had no workload. */
  async samples(trial: string, attempt: number): Promise<SampleBatch[]> {
    const file = this.samplesFile(trial, attempt);
    const names = await readdir(this.samplesDirectory).catch((): string[] => []);
    if (!names.includes(basename(file))) return [];
    const { batches, wholeBytes, damage } = batchesIn(await readFile(file));
    if (damage === 'torn') throw this.#damaged(file, `the batch of samples at byte ${wholeBytes} is cut off`);
    if (damage !== undefined) throw this.#damaged(file, damage);
    const seen = new Seen();
    return batches.filter(({ header }) => {
      if (header.trial !== trial || header.attempt !== attempt) {
        const found = `attempt ${header.attempt ?? 'none'} at ${header.trial ?? 'no trial'}`;
        throw this.#damaged(file, `a batch of it belongs to ${found}`);
      }
      return seen.add(header);
    });
  }

  #damaged(file: string, why: string): OrdealError {
    return new OrdealError('DAMAGED_RUN', `${file}: ${why}`);
  }
}
