import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { eventSchema, type Event } from '../../events/event.ts';
import { decodeSamples, type SampleBatch } from '../../events/samples.ts';
import { Seen } from '../../events/seen.ts';

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
      .map((line, index) => this.#event(line, index + 1))
      .filter((event) => seen.add(event));
  }

  /** Every batch of an attempt once; none where it had no workload. */
  async samples(trial: string, attempt: number): Promise<SampleBatch[]> {
    const file = this.samplesFile(trial, attempt);
    const names = await readdir(this.samplesDirectory).catch((): string[] => []);
    if (!names.includes(basename(file))) return [];
    const bytes = await readFile(file);
    const seen = new Seen();
    const batches: SampleBatch[] = [];
    for (let at = 0; at < bytes.length;) {
      const { batch, next } = this.#batch(file, bytes, at);
      if (seen.add(batch.header)) batches.push(batch);
      at = next;
    }
    return batches;
  }

  #event(line: string, number: number): Event {
    try {
      return eventSchema.parse(JSON.parse(line));
    } catch (cause) {
      throw this.#damaged(this.eventsFile, `line ${number} is not an event of this version`, cause);
    }
  }

  #batch(file: string, bytes: Buffer, at: number): { batch: SampleBatch; next: number } {
    try {
      return decodeSamples(bytes, at);
    } catch (cause) {
      throw this.#damaged(file, OrdealError.from(cause).message, cause);
    }
  }

  #damaged(file: string, why: string, cause?: unknown): OrdealError {
    return new OrdealError('DAMAGED_RUN', `${file}: ${why}`, { cause });
  }
}
