import type { Judgement, Measures, TrialMeasures } from '../measures/measures.ts';
import { foundText, limitText, measureTitles } from '../report/limit.ts';
import { junitText, type TestCase, type TestSuite } from './junit.ts';

/** The verdicts of a campaign as test cases: a suite for the golden runs and for each cell, a case for each trial. Unknown is an error, never a pass. */
export function campaignJunit(measures: Measures): string {
  const { name, campaign, trials, notRun, pruned = [], outcome, verdict } = measures;
  const groups = new Map<string, TrialMeasures[]>();
  for (const trial of trials) {
    const group = trial.fault?.cell ?? 'golden runs';
    groups.set(group, [...(groups.get(group) ?? []), trial]);
  }
  const properties = { campaign, outcome, verdict };
  const suites = [...groups].map(([group, own]): TestSuite => ({
    name: group,
    properties,
    cases: own.map((trial) => caseOf(name, group, trial)),
  }));
  const missing = notRun.map((trial): TestCase => ({
    name: trial,
    group: `${name}.not run`,
    seconds: 0,
    verdict: 'unknown',
    reason: 'the trial was never begun',
  }));
  const leftOut = pruned.map(({ trial, fault, policy, grounds }): TestCase => ({
    name: `${trial} ${fault?.name ?? ''}`.trim(),
    group: `${name}.left out`,
    seconds: 0,
    verdict: 'skipped',
    reason: `${policy}: ${grounds}`,
  }));
  return junitText(name, [
    ...suites,
    ...(leftOut.length === 0 ? [] : [{ name: 'left out', properties, cases: leftOut }]),
    ...(missing.length === 0 ? [] : [{ name: 'not run', properties, cases: missing }]),
  ]);
}

function caseOf(campaign: string, group: string, trial: TrialMeasures): TestCase {
  const { verdict, reasons, notes, judgements, instants, outcomeOfFault } = trial;
  const outcome = outcomeOfFault === undefined ? [] : [`outcome: ${outcomeOfFault.is}`];
  const said = [...outcome, ...judgements.map(judgementText), ...notes];
  return {
    name: `${trial.trial} ${trial.fault?.name ?? 'golden run'}`,
    group: `${campaign}.${group}`,
    seconds: instants === undefined ? 0 : (instants.endUs - instants.startUs) / 1e6,
    verdict,
    ...(verdict === 'pass' ? {} : { reason: reasons.join('; ') }),
    ...(said.length === 0 ? {} : { said: said.join('\n') }),
  };
}

function judgementText(judgement: Judgement): string {
  const { measure, demanded, verdict } = judgement;
  return `${measureTitles[measure]}: ${limitText(measure, demanded)} demanded, ${foundText(judgement)} found: ${verdict}`;
}
