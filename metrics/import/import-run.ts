import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Event, EventBody } from '../../events/event.ts';
import { nameSchema } from '../../events/name.ts';
import { RunWriter } from '../run/run-writer.ts';
import { SavedRun } from '../run/saved-run.ts';
import { readEventLines, type TrialLines } from './event-lines.ts';
import { readRequestLines, type RequestLine } from './request-lines.ts';
import { readRunDescription, type RunDescription } from './run-description.ts';
import { TrialSpeakers } from './trial-speakers.ts';

interface Imported {
  readonly run: SavedRun;
  readonly trials: number;
  readonly requests: number;
}

/** Makes a saved run of what a description names; all of it, or, where something is wrong, nothing. */
export async function importRun(file: string, directory: string): Promise<Imported> {
  const campaign = basename(directory);
  if (!nameSchema.safeParse(campaign).success)
    throw new OrdealError(
      'INVALID_INPUT',
      `"${campaign}" cannot be the name of a saved run: lower case letters, digits and dashes, 63 at most`,
    );
  if (existsSync(directory))
    throw new OrdealError('ALREADY_EXISTS', `${directory} is there already`, {
      remedy: 'Name a folder that is not there yet.',
    });
  const description = readRunDescription(await contentOf(file), file);
  const events = await readEventLines(description.eventsFile, description);
  const half = `${directory}.half`;
  await rm(half, { recursive: true, force: true });
  try {
    const lines = readRequestLines(description.requestsFile, new Set(events.keys()));
    const requests = await writeRun(new SavedRun(half), campaign, description, events, lines);
    await mkdir(dirname(directory), { recursive: true });
    await rename(half, directory);
    return { run: new SavedRun(directory), trials: description.trials.length, requests };
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    throw error;
  }
}

/** Answers how many requests there were. They may come in any order; what is not yet a batch of its trial is in memory. */
export async function writeRun(
  run: SavedRun,
  campaign: string,
  description: RunDescription,
  events: ReadonlyMap<string, TrialLines>,
  lines: AsyncIterable<RequestLine> | Iterable<RequestLine>,
): Promise<number> {
  const writer = new RunWriter(run);
  const instants = [...events.values()].flatMap(({ started, ended }) => [started.atUs, ended.atUs]);
  const [firstUs, lastUs] = [extreme(instants, Math.min), extreme(instants, Math.max)];
  writer.event(ofCampaign(campaign, 0, firstUs, startedBody(description, events)));
  const speakers = new Map<string, TrialSpeakers>();
  for (const trial of description.trials) {
    const said = events.get(trial.id);
    if (said !== undefined) speakers.set(trial.id, new TrialSpeakers(writer, campaign, trial, said));
  }
  let requests = 0;
  for await (const request of lines) {
    speakers.get(request.trial)?.request(request);
    requests += 1;
  }
  for (const speaker of speakers.values()) speaker.close(description);
  writer.event(ofCampaign(campaign, 1, lastUs, { kind: 'campaign.ended', outcome: 'completed' }));
  return requests;
}

function startedBody(description: RunDescription, events: ReadonlyMap<string, TrialLines>): EventBody {
  const { name, text, trials, definition, load } = description;
  const plan = {
    name,
    definition,
    workload: { host: 'imported', driver: 'imported', options: load },
    trials: trials.map(({ id, repetition, fault }) => {
      const said = events.get(id);
      const between = (from: keyof Instants, to: keyof Instants): number =>
        said === undefined ? 0 : said[to].atUs - said[from].atUs;
      return {
        id,
        repetition,
        seed: 0,
        ...(fault === undefined ? {} : { fault }),
        timeline: {
          beforeUs: between('started', 'injected'),
          duringUs: between('injected', 'removed'),
          afterUs: between('removed', 'ended'),
        },
      };
    }),
  };
  return {
    kind: 'campaign.started',
    name,
    file: text,
    plan: z.json().parse(JSON.parse(JSON.stringify(plan))),
    provenance: { imported: 'made of requests and events that somebody else has recorded' },
  };
}

type Instants = Pick<TrialLines, 'started' | 'injected' | 'removed' | 'ended'>;

function ofCampaign(campaign: string, seq: number, atUs: number, body: EventBody): Event {
  return {
    producer: 'controller',
    incarnation: '00000000',
    seq,
    campaign,
    host: 'controller',
    wallUs: atUs,
    monoUs: atUs,
    body,
  };
}

/** Of more values than a call can have arguments. */
function extreme(values: readonly number[], of: (one: number, other: number) => number): number {
  return values.reduce((found, value) => of(found, value), values[0] ?? 0);
}

async function contentOf(file: string): Promise<Buffer> {
  return await readFile(file).catch((cause: unknown) => {
    throw new OrdealError(
      'INVALID_INPUT',
      `the description ${file} cannot be read: ${OrdealError.from(cause).message}`,
      {
        cause,
        remedy: 'Name a file that exists.',
      },
    );
  });
}
