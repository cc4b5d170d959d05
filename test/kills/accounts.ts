import { idOf, isKind, type Event } from '../../events/event.ts';

/** A trial as it is told apart from all others of a plan. */
export interface PlannedTrial {
  readonly id: string;
  readonly seed: number;
  /** Empty for a golden run. */
  readonly fault: string;
}

/** What is left of a campaign that has ended, in three places that know nothing of each other. */
export interface Books {
  /** What was to be run, as `ordeal campaign plan` said before. */
  readonly planned: readonly PlannedTrial[];
  /** The plan that the saved run holds. */
  readonly saved: readonly PlannedTrial[];
  /** The events of the saved run, as they arrived. */
  readonly events: readonly Event[];
  /** What the controller has on record. */
  readonly record: Counts & { readonly state: string; readonly ended: number };
  /** The measures: by trial, the attempt that counts and its verdict. */
  readonly measured: readonly Judged[];
}

interface Counts {
  readonly pass: number;
  readonly fail: number;
  readonly unknown: number;
}

interface Judged {
  readonly trial: string;
  readonly attempt: number;
  readonly verdict: 'pass' | 'fail' | 'unknown';
}

/** What does not add up, in sentences; nothing where every trial of the plan is accounted for once, in its order, everywhere. */
export function discrepancies(books: Books): string[] {
  return [...ofThePlan(books), ...ofTheEvents(books), ...ofTheMeasures(books), ...ofTheRecord(books)];
}

/** The trials of which nothing that is said of them in particular does not add up. */
export function accounted({ planned }: Books, found: readonly string[]): number {
  return planned.filter(({ id }) => !found.some((line) => line.startsWith(`${id}:`))).length;
}

function ofThePlan({ planned, saved }: Books): string[] {
  const asText = (trials: readonly PlannedTrial[]): string[] =>
    trials.map(({ id, seed, fault }) => `${id} ${seed} ${fault}`);
  const [was, is] = [asText(planned), asText(saved)];
  if (was.length !== is.length) return [`the saved plan has ${is.length} trials, not ${was.length}`];
  return planned.flatMap(({ id }, index) =>
    was[index] === is[index] ? [] : [`${id}: in the saved plan it is "${is[index] ?? ''}"`],
  );
}

function ofTheEvents({ planned, events }: Books): string[] {
  const found: string[] = [];
  const ids = events.map(idOf);
  if (new Set(ids).size !== ids.length) found.push('an event is saved twice');
  for (const kind of ['campaign.started', 'campaign.ended'] as const) {
    const said = events.filter((event) => isKind(event, kind)).length;
    if (said !== 1) found.push(`${kind} is said ${said} times`);
  }
  const concluded = events.filter((event) => isKind(event, 'campaign.concluded')).length;
  if (concluded > 1) found.push(`campaign.concluded is said ${concluded} times`);
  const begun = events.flatMap(({ body, trial }) => (body.kind === 'trial.started' ? [trial ?? ''] : []));
  const order = [...new Set(begun)];
  const wanted = planned.map(({ id }) => id).filter((id) => order.includes(id));
  if (order.join() !== wanted.join()) found.push(`the trials were begun in the order ${order.join(', ')}`);
  // One that was left and begun again later would stand apart from its other attempts.
  if (begun.filter((id, index) => id !== begun[index - 1]).length !== order.length)
    found.push('a trial was taken up again after another one');
  const known = new Set(planned.map(({ id }) => id));
  const strangers = new Set(events.flatMap(({ trial }) => (trial === undefined ? [] : [trial])));
  for (const id of strangers) if (!known.has(id)) found.push(`${id} is not in the plan, and has events`);
  for (const { id } of planned) found.push(...attemptsOf(id, events).map((what) => `${id}: ${what}`));
  return found;
}

/** Every attempt has one end; one that the controller did not live to begin has no beginning; only the last one can have run to its end. */
function attemptsOf(trial: string, events: readonly Event[]): string[] {
  const own = events.filter((event) => event.trial === trial);
  const last = Math.max(0, ...own.map(({ attempt = 0 }) => attempt));
  if (last === 0) return ['it has no attempt'];
  const found: string[] = [];
  for (let attempt = 1; attempt <= last; attempt += 1) {
    const said = own.filter((event) => event.attempt === attempt);
    const begun = said.filter((event) => isKind(event, 'trial.started')).length;
    const ends = said.filter((event) => isKind(event, 'trial.ended'));
    const outcome = ends[0]?.body.outcome ?? 'none';
    if (ends.length !== 1) found.push(`attempt ${attempt} has ${ends.length} ends`);
    if (begun > 1 || (begun === 0 && outcome !== 'interrupted'))
      found.push(`attempt ${attempt} was begun ${begun} times, and its end is ${outcome}`);
    const isOver = outcome === 'completed' || outcome === 'failed';
    if (attempt === last ? !isOver : outcome === 'completed')
      found.push(`attempt ${attempt} of ${last} ended as ${outcome}`);
  }
  return found;
}

function ofTheMeasures({ planned, events, measured }: Books): string[] {
  const order = measured.map(({ trial }) => trial).join();
  const found = order === planned.map(({ id }) => id).join() ? [] : [`the measures are of ${order}`];
  for (const { trial, attempt } of measured) {
    const last = Math.max(
      ...events.filter((event) => event.trial === trial).map((event) => event.attempt ?? 0),
    );
    if (attempt !== last) found.push(`${trial}: attempt ${attempt} is measured, and the last one is ${last}`);
  }
  return found;
}

function ofTheRecord({ planned, record, measured }: Books): string[] {
  const found = record.state === 'COMPLETED' ? [] : [`on record the campaign is ${record.state}`];
  if (record.ended !== planned.length)
    found.push(`on record ${record.ended} of ${planned.length} trials have ended`);
  for (const verdict of ['pass', 'fail', 'unknown'] as const) {
    const counted = measured.filter((trial) => trial.verdict === verdict).length;
    if (counted !== record[verdict])
      found.push(`on record ${record[verdict]} trials are ${verdict}, by the measures ${counted}`);
  }
  return found;
}
