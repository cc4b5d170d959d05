import { OrdealError } from '../../errors/ordeal-error.ts';
import { isKind, type Event } from '../../events/event.ts';
import { readPlan, type SavedPlan } from './saved-plan.ts';
import type { SavedRun } from './saved-run.ts';

export interface AttemptHistory {
  readonly trial: string;
  readonly attempt: number;
  readonly events: readonly Event[];
}

/** The events of a saved run in order: what the campaign said of itself, and what belongs to each attempt. */
export class RunHistory {
  readonly started: Event<'campaign.started'>;
  readonly ended: Event<'campaign.ended'> | undefined;
  readonly plan: SavedPlan;
  readonly attempts: readonly AttemptHistory[];
  readonly concluded: Event<'campaign.concluded'> | undefined;
  /** Each trial that was left out, once. */
  readonly pruned: readonly Event<'trial.pruned'>[];

  private constructor(run: SavedRun, events: readonly Event[]) {
    const started = events.find((event): event is Event<'campaign.started'> =>
      isKind(event, 'campaign.started'),
    );
    if (started === undefined) throw nothingStarted(run);
    this.started = started;
    this.ended = events.find((event): event is Event<'campaign.ended'> => isKind(event, 'campaign.ended'));
    this.plan = readPlan(started.body.plan, run.eventsFile);
    this.attempts = attemptsOf(events);
    this.concluded = events.find((event): event is Event<'campaign.concluded'> =>
      isKind(event, 'campaign.concluded'),
    );
    const pruned = events.filter((event) => isKind(event, 'trial.pruned'));
    this.pruned = [...new Map(pruned.map((event) => [event.trial, event])).values()];
  }

  static async read(run: SavedRun): Promise<RunHistory> {
    return new RunHistory(run, await run.events());
  }

  /** The last attempt at each trial, which is the one that counts. */
  get counted(): readonly AttemptHistory[] {
    const last = new Map<string, AttemptHistory>();
    for (const history of this.attempts) {
      if (history.attempt > (last.get(history.trial)?.attempt ?? 0)) last.set(history.trial, history);
    }
    return [...last.values()];
  }
}

export function nothingStarted({ eventsFile }: SavedRun): OrdealError {
  return new OrdealError(
    'DAMAGED_RUN',
    `${eventsFile}: no campaign.started is in it, so nothing says what was to be measured`,
  );
}

function attemptsOf(events: readonly Event[]): AttemptHistory[] {
  const attempts = new Map<string, { trial: string; attempt: number; events: Event[] }>();
  for (const event of events) {
    const { trial, attempt } = event;
    if (trial === undefined || attempt === undefined) continue;
    const key = `${trial}-${attempt}`;
    const history = attempts.get(key) ?? { trial, attempt, events: [] };
    history.events.push(event);
    attempts.set(key, history);
  }
  return [...attempts.values()];
}
