import { formatDuration } from '../../clock/duration.ts';
import type { Event } from '../../events/event.ts';
import { absencesIn } from './absences.ts';
import type { Attempt } from './attempt.ts';
import { canonicalBatches, canonicalEvents } from './canonical.ts';
import { Clocks } from './clocks.ts';
import { missingOf } from './completeness.ts';
import { degradationOf } from './degradation.ts';
import { provenanceOf } from './digest.ts';
import { infrastructureNotes, measureInfrastructure } from './infrastructure.ts';
import { injectionFacts } from './injections.ts';
import { faultFacts } from './fault-facts.ts';
import { findInstants } from './instants.ts';
import { judge } from './judgements.ts';
import { latest, ofKind } from './latest.ts';
import { lateness, latenessNotes } from './lateness.ts';
import type { AttemptOutcome, Judgement, TrialMeasures, Verdict } from './measures.ts';
import { plannedFaults } from './planned-faults.ts';
import {
  activationOf,
  faultProblems,
  healthProblems,
  idlePartNotes,
  missingProblems,
  problemsOfTheRun,
} from './problems.ts';
import { requestsOf } from './requests.ts';
import { canonicalRows } from './rows.ts';
import { measureService } from './service.ts';
import { skewOf } from './skew.ts';
import { windowUntil } from './windows.ts';

/** The measures of one attempt at a trial, as far as they can be known without the other trials of the campaign. */
export function measureAttempt(given: Attempt): TrialMeasures {
  const { plan, attempt, definition } = given;
  const events = canonicalEvents(given.events);
  const batches = canonicalBatches(given.batches);
  const clocks = new Clocks(events);
  const rows = canonicalRows(batches);
  const faults = plannedFaults(plan, events);
  const injections = injectionFacts(events, faults, clocks);
  const { instants: fromEvents, problems: instantProblems } = findInstants(events, plan, faults, injections);
  const sent = requestsOf(rows, clocks);
  const instants =
    fromEvents === undefined || sent === undefined
      ? undefined
      : { ...fromEvents, errorUs: Math.max(fromEvents.errorUs, sent.errorUs) };
  const service =
    instants === undefined || sent === undefined
      ? undefined
      : measureService(sent.requests, instants, definition);
  const missing = missingOf(events, batches);
  const problems = [
    ...missingProblems(missing),
    ...problemsOfTheRun(events, rows.intendedUs.length),
    ...healthProblems(events, clocks, instants),
    ...faultProblems(faults, injections),
    ...instantProblems,
    ...(sent === undefined ? ['the clock of the host that sent the requests was never read'] : []),
  ];
  const ownDegradation = degradationOf(service, [], definition.tolerance);
  const fault = faultFacts(plan);
  const activated = activationOf(faults, injections);
  const infrastructure = measureInfrastructure({
    events,
    definition,
    clocks,
    missing,
    ...(fault === undefined ? {} : { fault: { targets: fault.targets, activated, injections } }),
    instants: fromEvents,
    service,
    degradation: ownDegradation,
    windowFrom: (fromUs) => instants && sent && windowUntil(sent.requests, fromUs, instants.endUs),
  });
  const judgements = judge(service, definition.slo);
  const late = lateness(rows);
  const { verdict, reasons } = conclude(problems, judgements);
  const skew = faults.length > 1 ? undefined : skewOf(injections);
  return {
    trial: plan.id,
    attempt,
    repetition: plan.repetition,
    seed: plan.seed,
    ...(fault === undefined ? {} : { fault, activated }),
    outcome: attemptOutcome(events).outcome,
    verdict,
    reasons,
    notes: [
      ...(fault === undefined && (service?.unavailability.us ?? 0) > 0 ? [goldenOutage] : []),
      ...infrastructureNotes(infrastructure, fromEvents),
      ...idlePartNotes(faults, injections),
      ...latenessNotes(late),
    ],
    valid: problems.length === 0,
    final: missing.length === 0,
    missing,
    judgements,
    ...(instants === undefined ? {} : { instants }),
    ...(service === undefined ? {} : { service }),
    degradation: ownDegradation,
    injections,
    ...(skew === undefined ? {} : { skew }),
    absences: absencesIn(events),
    infrastructure,
    lateness: late,
    samples: provenanceOf(rows),
  };
}

/** How an attempt ended by its own word, without measuring it. */
export function attemptOutcome(events: readonly Event[]): { outcome: AttemptOutcome; reason?: string } {
  const ended = latest(ofKind(events, 'trial.ended'))?.body;
  if (ended === undefined) return { outcome: 'unknown' };
  const { outcome, reason } = ended;
  return reason === undefined ? { outcome } : { outcome, reason };
}

const goldenOutage = 'the service was unavailable without any fault';

/** What is not valid is neither pass nor fail; unknown is never counted as pass. */
function conclude(
  problems: readonly string[],
  judgements: readonly Judgement[],
): { verdict: Verdict; reasons: string[] } {
  if (problems.length > 0) return { verdict: 'unknown', reasons: [...problems] };
  const notMet = judgements.filter(({ verdict }) => verdict !== 'pass');
  const isFailed = notMet.some(({ verdict }) => verdict === 'fail');
  const verdict = isFailed ? 'fail' : notMet.length > 0 ? 'unknown' : 'pass';
  return { verdict, reasons: notMet.map(sentence) };
}

const names = { l50: 'L50', l90: 'L90', throughput: 'the throughput', unavailability: 'the unavailability' };

function sentence({ measure, demanded, found, verdict }: Judgement): string {
  if (verdict === 'unknown') return `${names[measure]} is not known`;
  const inUnit = (value: number): string =>
    measure === 'throughput'
      ? `${Number(value.toFixed(1))}/s`
      : formatDuration(Math.round(value / 1000) * 1000);
  const amount = typeof found === 'number' ? inUnit(found) : found === 'failed' ? 'infinite' : found;
  const comparison = measure === 'throughput' ? 'at least' : 'at most';
  return `${names[measure]} is ${amount}; ${comparison} ${inUnit(demanded)} is demanded`;
}
