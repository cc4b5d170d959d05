import { canonicalBatches, canonicalEvents } from './canonical.ts';
import type { Attempt } from './attempt.ts';
import { Clocks } from './clocks.ts';
import { mayBeAbout } from './components.ts';
import type { Notice } from './infrastructure-measures.ts';
import { injectionFacts } from './injections.ts';
import { findInstants } from './instants.ts';
import { ofKind } from './latest.ts';
import { noticesOf } from './notices.ts';
import { plannedFaults } from './planned-faults.ts';
import { requestsOf } from './requests.ts';
import { isSurelyBefore } from './response.ts';
import { canonicalRows } from './rows.ts';
import { unavailability } from './unavailability.ts';

/** Whether it is worth while to go on watching an attempt whose load has ended, and why. */
export interface OpenRecovery {
  readonly open: boolean;
  readonly reason: string;
}

type WithoutSamples = Omit<Attempt, 'batches'>;

/** Whether the service had recovered at the end of the trial; undefined where that is not known. Samples do not change once the load has ended. */
export function recoveredAtEnd(given: Attempt): boolean | undefined {
  const { clocks, instants } = read(given);
  const sent = requestsOf(canonicalRows(canonicalBatches(given.batches)), clocks);
  if (instants === undefined || sent === undefined || sent.requests.count === 0) return undefined;
  return unavailability(sent.requests, instants, given.definition.unavailability).recovered;
}

/**
 * A recovery is open where the infrastructure has detected the fault and nothing says yet that its repair has finished, or where the service had
 * not recovered at the end of the trial and nothing has said since that it has been repaired.
 */
export function openRecovery(given: WithoutSamples, recovered: boolean | undefined): OpenRecovery {
  const { definition } = given;
  const { events, clocks, instants, faults } = read(given);
  if (faults.length === 0 || instants === undefined) return over('there is no fault');
  if (ofKind(events, 'watch.started').length <= ofKind(events, 'watch.ended').length)
    return over('nothing is watched any more');
  if (!definition.rules.some(({ means }) => means === 'recovery-done'))
    return over('no rule says what a recovery is');
  const targets = faults
    .flatMap(({ fault }) => fault.targets)
    .map(({ host, kind, name }) => `${host}/${kind}/${name}`);
  const injected = { atUs: instants.injectUs, errorUs: instants.errorUs };
  const notices = noticesOf(events, definition, clocks).filter(
    (notice) =>
      !isSurelyBefore(notice, injected) && (notice.names === undefined || mayBeAbout(notice.names, targets)),
  );
  const repairs = notices.filter(({ means }) => means === 'recovery-done');
  const unrepaired = notices.find(
    (notice) => notice.means === 'detection' && !repairs.some((repair) => isRepairOf(repair, notice)),
  );
  if (unrepaired !== undefined) {
    return { open: true, reason: `no recovery followed what "${unrepaired.rule}" has detected` };
  }
  const end = { atUs: instants.endUs, errorUs: instants.errorUs };
  if (recovered === false && !repairs.some((repair) => !isSurelyBefore(repair, end)))
    return { open: true, reason: 'the service had not recovered at the end of the trial' };
  return over('no recovery is open');
}

/** It came later, and names the same component where both name one. */
function isRepairOf(repair: Notice, detection: Notice): boolean {
  const { component = repair.component } = detection;
  return !isSurelyBefore(repair, detection) && (repair.component ?? component) === component;
}

function over(reason: string): OpenRecovery {
  return { open: false, reason };
}

function read({ plan, events: given }: WithoutSamples) {
  const events = canonicalEvents(given);
  const clocks = new Clocks(events);
  const faults = plannedFaults(plan, events);
  const injections = injectionFacts(events, faults, clocks);
  return { events, clocks, faults, instants: findInstants(events, plan, faults, injections).instants };
}
