import type { z } from 'zod';
import { checkAbort } from './abort-check.ts';
import type { Campaign, Fault } from './campaign.ts';
import { combine } from './combination-check.ts';
import { checkElements, elementsIn } from './element-check.ts';
import type { Element } from './element.ts';
import { examine, refusalOf } from './examine.ts';
import { checkFaultload, type Settled } from './fault-check.ts';
import { type Issue, issuesOf } from './issue.ts';
import type { Substitutes } from './mechanism.ts';
import type { Problem } from './problem.ts';
import { checkPrune } from './pruning/check.ts';
import { rootCauseOf } from './root-cause.ts';
import { campaignSchema } from './schema.ts';
import { checkWatches } from './watch-check.ts';

/** Who does not say that a substitute will do, does not get one. */
const refused: Substitutes = { allowSubstitute: false };

type Examined = { readonly campaign: Campaign } | { readonly problems: readonly Problem[] };

/** The campaign, or all that is wrong with the file, in the order of its lines. */
export function examineCampaign(content: string | Uint8Array, substitutes: Substitutes = refused): Examined {
  const examined = examine(content, 'campaign file', (value) => {
    const parsed = campaignSchema.safeParse(value);
    const elements = elementsIn(value);
    const { issues, settled } = checkFaultload(faultloadOf(value), elements, substitutes);
    const all = [
      ...(parsed.success
        ? [...nothingToRun(parsed.data), ...tooManyAtLeast(parsed.data)]
        : issuesOf(parsed.error.issues, value)),
      ...issues,
      ...checkElements(value),
      ...checkWatches(value),
      ...checkPrune(value),
      ...checkAbort(value),
    ];
    if (!parsed.success || all.length > 0) return { issues: all };
    const campaign = campaignOf(parsed.data, elements, settled);
    const combined = combine(parsed.data.combinations, campaign);
    if (combined.issues.length > 0) return { issues: combined.issues };
    return { value: { ...campaign, combinations: combined.combinations } };
  });
  return 'value' in examined ? { campaign: examined.value } : examined;
}

/** The campaign; throws INVALID_INPUT with every problem as `file:line:column path: what is wrong`. */
export function readCampaign(
  content: string | Uint8Array,
  fileName: string,
  substitutes: Substitutes = refused,
): Campaign {
  const examined = examineCampaign(content, substitutes);
  if ('campaign' in examined) return examined.campaign;
  throw refusalOf(examined.problems, fileName);
}

function faultloadOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'faultload' in value ? value.faultload : undefined;
}

function nothingToRun({ faultload, goldenRuns }: z.output<typeof campaignSchema>): Issue[] {
  if (faultload.length > 0 || goldenRuns !== 0) return [];
  return [{ path: ['faultload'], message: 'is empty, and there are no golden runs: nothing would run' }];
}

function tooManyAtLeast({ until, repetitions }: z.output<typeof campaignSchema>): Issue[] {
  if (until === undefined || until.atLeast < repetitions) return [];
  const message = `decides nothing: ${until.atLeast} repetitions are run in any case (atLeast), and there are ${repetitions}; repetitions has to be more`;
  return [{ path: ['until'], message }];
}

function campaignOf(
  file: z.output<typeof campaignSchema>,
  elements: ReadonlyMap<string, Element>,
  settled: readonly (readonly Settled[])[],
): Omit<Campaign, 'combinations'> {
  const {
    name,
    seed,
    system,
    workload,
    watch,
    timeline,
    repetitions,
    goldenRuns,
    measures,
    slo,
    components,
    rules,
  } = file;
  const faultload = file.faultload.flatMap((fault, index): Fault[] => {
    const { cell, onRestart, during, weight, likelihood } = fault;
    const target = 'element' in fault.target ? elements.get(fault.target.element) : fault.target;
    if (target === undefined) return [];
    return (settled[index] ?? []).map(({ mechanism, intensity, parameters, mode = fault.mode }) => ({
      name: fault.name,
      ...(intensity === undefined ? {} : { intensity }),
      cell,
      mechanism,
      parameters,
      target,
      mode,
      onRestart,
      ...(during === undefined ? {} : { duringUs: during }),
      rootCause: fault.rootCause ?? rootCauseOf(cell),
      weight,
      ...(likelihood === undefined ? {} : { likelihood }),
    }));
  });
  const { unavailability, limits, tolerance } = measures;
  return {
    name,
    seed,
    system,
    workload,
    watches: watch,
    timeline,
    repetitions,
    goldenRuns: goldenRuns ?? repetitions,
    faultload,
    prune: file.prune,
    ...(file.abort === undefined ? {} : { abort: file.abort }),
    ...(file.until === undefined ? {} : { until: file.until }),
    definition: {
      version: 1,
      unavailability: { ...unavailability, limitsUs: limits },
      slo,
      tolerance,
      recoveryWithinUs: measures.recovery.within,
      components,
      rules,
    },
  };
}
