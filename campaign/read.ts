import type { z } from 'zod';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Campaign, Fault } from './campaign.ts';
import { checkFaultload, type Settled } from './fault-check.ts';
import { type Issue, issuesOf, pathText } from './issue.ts';
import type { Problem } from './problem.ts';
import { rootCauseOf } from './root-cause.ts';
import { campaignSchema } from './schema.ts';
import { textOf } from './text.ts';
import { parseYamlText } from './yaml-text.ts';

/** More than anyone reads at once; and finding the place of each takes time. */
const mostProblems = 200;
const mostTold = 50;

type Examined = { readonly campaign: Campaign } | { readonly problems: readonly Problem[] };

/** The campaign, or all that is wrong with the file, in the order of its lines. */
export function examineCampaign(content: string | Uint8Array): Examined {
  const read = textOf(content);
  if ('problem' in read) return { problems: [read.problem] };
  const located = parseYamlText(read.text);
  if ('problems' in located) return { problems: inOrder(located.problems) };
  const parsed = campaignSchema.safeParse(located.value);
  const { issues, settled } = checkFaultload(faultloadOf(located.value));
  const all = [
    ...(parsed.success ? nothingToRun(parsed.data) : issuesOf(parsed.error.issues, located.value)),
    ...issues,
  ];
  if (parsed.success && all.length === 0) return { campaign: campaignOf(parsed.data, settled) };
  const problems = all.slice(0, mostProblems).map(({ path, message, atKey = false }) => ({
    ...located.place(path, atKey),
    path: pathText(path),
    message,
  }));
  return { problems: inOrder(problems) };
}

/** The campaign; throws INVALID_INPUT with every problem as `file:line:column path: what is wrong`. */
export function readCampaign(content: string | Uint8Array, fileName: string): Campaign {
  const examined = examineCampaign(content);
  if ('campaign' in examined) return examined.campaign;
  const { problems } = examined;
  const told = problems.slice(0, mostTold).map(({ line, column, path, message }) => {
    const where = `${fileName}:${line}:${column}`;
    return path === '' ? `${where} ${message}` : `${where} ${path}: ${message}`;
  });
  const rest = problems.length - told.length;
  throw new OrdealError('INVALID_INPUT', [...told, ...(rest > 0 ? ['and more problems'] : [])].join('\n'));
}

function faultloadOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'faultload' in value ? value.faultload : undefined;
}

function nothingToRun({ faultload, goldenRuns }: z.output<typeof campaignSchema>): Issue[] {
  if (faultload.length > 0 || goldenRuns !== 0) return [];
  return [{ path: ['faultload'], message: 'is empty, and there are no golden runs: nothing would run' }];
}

function inOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((one, other) => one.line - other.line || one.column - other.column);
}

function campaignOf(file: z.output<typeof campaignSchema>, settled: readonly Settled[]): Campaign {
  const {
    name,
    seed,
    system,
    workload,
    timeline,
    repetitions,
    goldenRuns,
    measures,
    slo,
    components,
    rules,
  } = file;
  const faultload = file.faultload.flatMap((fault, index): Fault[] => {
    const means = settled[index];
    if (means === undefined) return [];
    const { cell, target, mode, during, weight } = fault;
    return [
      {
        name: fault.name,
        cell,
        ...means,
        target,
        mode,
        ...(during === undefined ? {} : { duringUs: during }),
        rootCause: fault.rootCause ?? rootCauseOf(cell),
        weight,
      },
    ];
  });
  const { unavailability, limits, tolerance } = measures;
  return {
    name,
    seed,
    system,
    workload,
    timeline,
    repetitions,
    goldenRuns: goldenRuns ?? repetitions,
    faultload,
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
