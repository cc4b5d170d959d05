import { OrdealError } from '../../errors/ordeal-error.ts';
import type { TrialStep } from '../../events/kinds.ts';
import type { Attempt } from './attempt.ts';
import { check } from './check.ts';
import { collect } from './collect.ts';
import { deploy } from './deploy.ts';
import { endEverything } from './end-everything.ts';
import { inject } from './inject.ts';
import { observe } from './observe.ts';
import { tellPresence } from './presence.ts';
import { prepare } from './prepare.ts';
import { revert } from './revert.ts';
import { stage } from './stage.ts';
import { undeploy } from './undeploy.ts';
import { verifyClean } from './verify-clean.ts';
import { warmUp } from './warm-up.ts';

type Steps = readonly (readonly [TrialStep, (attempt: Attempt) => Promise<void>])[];

/** The life of a trial. The first step that fails ends this list... */
const forth: Steps = [
  ['deploy', deploy],
  ['prepare', prepare],
  ['check', check],
  ['warm-up', warmUp],
  ['stage', stage],
  ['inject', inject],
  ['revert', revert],
  ['observe', observe],
];

/** ... and this one is gone through whatever came before, to its end whatever fails. */
const back: Steps = [
  ['verify-clean', verifyClean],
  ['collect', collect],
  ['undeploy', undeploy],
];

export type AttemptResult =
  { readonly outcome: 'completed' } | { readonly outcome: 'aborted' | 'failed'; readonly error: OrdealError };

/** Runs one attempt, and rejects only when the controller stops meanwhile. What it says stops before the attempt is closed. */
export async function runAttempt(attempt: Attempt): Promise<AttemptResult> {
  const { aborted, say } = attempt.options;
  say({ kind: 'trial.started', producers: ['controller', ...attempt.hosts] });
  const stopTelling = tellPresence(attempt);
  let failure: OrdealError | undefined;
  let wasAborted: boolean;
  let backFailure: OrdealError | undefined;
  try {
    failure = await first(attempt, forth);
    wasAborted = aborted.aborted;
    attempt.tearDown();
    if (failure !== undefined) await endEverything(attempt);
    backFailure = await tearDown(attempt);
  } finally {
    stopTelling();
  }
  attempt.forget();
  if (wasAborted) return { outcome: 'aborted', error: OrdealError.from(aborted.reason, 'ABORTED') };
  // What is still on a host outweighs why the attempt failed.
  const error = backFailure?.code === 'DIRTY_HOST' ? backFailure : (failure ?? backFailure);
  return error === undefined ? { outcome: 'completed' } : { outcome: 'failed', error };
}

/** All of the way back, for an attempt that got nowhere or that a crash interrupted. */
export async function tearDown(attempt: Attempt): Promise<OrdealError | undefined> {
  let failure: OrdealError | undefined;
  for (const [name, step] of back) {
    const failed = await goThrough(attempt, name, step);
    // A system that does not come down says nothing about the trial; if that matters, its next deployment fails.
    if (name !== 'undeploy') failure ??= failed;
  }
  return failure;
}

async function first(attempt: Attempt, steps: Steps): Promise<OrdealError | undefined> {
  for (const [name, step] of steps) {
    const failure = await goThrough(attempt, name, step);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

async function goThrough(
  attempt: Attempt,
  name: TrialStep,
  step: (attempt: Attempt) => Promise<void>,
): Promise<OrdealError | undefined> {
  const { say, onStep, halted, log } = attempt.options;
  halted.throwIfAborted();
  onStep(name);
  say({ kind: 'trial.step', step: name, state: 'begun' });
  try {
    await step(attempt);
    say({ kind: 'trial.step', step: name, state: 'done' });
    return undefined;
  } catch (thrown) {
    halted.throwIfAborted();
    // A wait that was cut short says only that; why is the signal's to say.
    const cause: unknown = attempt.signal.aborted ? attempt.signal.reason : thrown;
    const error = OrdealError.from(cause);
    log.warn({ step: name, err: error }, 'a step failed');
    say({ kind: 'trial.step', step: name, state: 'failed', reason: error.message });
    return error;
  }
}
