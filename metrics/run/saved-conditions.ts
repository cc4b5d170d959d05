import { z } from 'zod';
import { formatDuration } from '../../clock/duration.ts';
import type { Definition } from '../../campaign/definition.ts';
import type { ComparedMeasure } from '../comparison/measure.ts';
import { type Condition, goldenRow } from '../comparison/side.ts';
import { compareText } from '../measures/canonical.ts';

const us = z.number();
const target = z.looseObject({ kind: z.string() });
const fault = z.looseObject({
  cell: z.string(),
  mechanism: z.string(),
  parameters: z.unknown().optional(),
  mode: z.unknown().optional(),
  onRestart: z.string().optional(),
  targets: z.array(target),
});

const timedFault = z.looseObject({ fault, atUs: us, durationUs: us });

/** What of a plan a comparison asks for; plans of other versions may say less. */
const planSchema = z.looseObject({
  workload: z.looseObject({ driver: z.string(), options: z.unknown() }).optional(),
  trials: z.array(
    z.looseObject({
      fault: fault.optional(),
      combination: z.looseObject({ faults: z.array(timedFault) }).optional(),
      timeline: z.looseObject({
        warmUpUs: us.optional(),
        beforeUs: us,
        duringUs: us.optional(),
        afterUs: us.optional(),
        horizonUs: us.optional(),
      }),
    }),
  ),
});

type SavedTrial = z.infer<typeof planSchema>['trials'][number];

/** What the numbers of a saved run depend on beside the infrastructure, as its plan and the definition of its measures have it. */
export function savedConditions(plan: unknown, definition: Definition): Condition[] {
  const read = planSchema.safeParse(plan);
  return [
    ...(read.success
      ? [...workloadConditions(read.data.workload), ...trialConditions(read.data.trials)]
      : []),
    ...definitionConditions(definition),
  ];
}

/** Where a service is found is its own; how it is asked is not. */
const addresses: readonly string[] = ['url'];

function workloadConditions(workload: z.infer<typeof planSchema>['workload']): Condition[] {
  if (workload === undefined) return [];
  const { driver, options } = workload;
  return [
    { what: 'load driver', said: driver },
    ...leavesOf(options)
      .filter(([path]) => !addresses.includes(path))
      .map(([path, said]) => ({ what: `load: ${path}`, said })),
  ];
}

/** Of each row what all of its trials say, each thing once. */
function trialConditions(trials: readonly SavedTrial[]): Condition[] {
  const rows = new Map<string, SavedTrial[]>();
  for (const trial of trials) {
    const row = rowOf(trial);
    rows.set(row, [...(rows.get(row) ?? []), trial]);
  }
  return [...rows].flatMap(([row, own]) => {
    const said = new Map<string, Set<string>>();
    for (const trial of own) {
      for (const [what, text] of [...timelineOf(trial), ...faultsOf(trial)])
        said.set(what, (said.get(what) ?? new Set()).add(text));
    }
    return [...said].map(([what, texts]) => ({ what, row, said: [...texts].sort(compareText).join('; ') }));
  });
}

/** As the measures name it, which join the cells of a combination. */
function rowOf({ fault: only, combination }: SavedTrial): string {
  if (combination !== undefined) return combination.faults.map((timed) => timed.fault.cell).join(' + ');
  return only?.cell ?? goldenRow;
}

function timelineOf({ timeline }: SavedTrial): [string, string][] {
  const stretches = [
    ['warm-up', timeline.warmUpUs],
    ['before the fault', timeline.beforeUs],
    ['during the fault', timeline.duringUs],
    ['after the fault', timeline.afterUs],
    ['horizon', timeline.horizonUs],
  ] as const;
  return stretches.flatMap(([what, length]): [string, string][] =>
    length === undefined ? [] : [[what, formatDuration(length)]],
  );
}

/** Those of a combination are told by their places in it. */
function faultsOf({ fault: only, combination }: SavedTrial): [string, string][] {
  if (combination === undefined) return only === undefined ? [] : faultOf(only);
  return combination.faults.flatMap(({ fault: one, atUs, durationUs }, index) =>
    [
      ...faultOf(one),
      ['begins', formatDuration(atUs)] satisfies [string, string],
      ['lasts', formatDuration(durationUs)] satisfies [string, string],
    ].map(([what, text]): [string, string] => [`fault ${index + 1}: ${what}`, text]),
  );
}

function faultOf({
  mechanism,
  parameters,
  mode,
  onRestart,
  targets,
}: z.infer<typeof fault>): [string, string][] {
  const kinds = targets.map(({ kind }) => kind).sort(compareText);
  return [
    ['mechanism', mechanism],
    ['targets', kinds.join(', ')],
    ...(onRestart === undefined ? [] : [['on restart', onRestart] satisfies [string, string]]),
    ...leavesOf(parameters).map(([path, text]): [string, string] => [`intensity: ${path}`, text]),
    ...leavesOf(mode).map(([path, text]): [string, string] => [`mode: ${path}`, text]),
  ];
}

function definitionConditions(definition: Definition): Condition[] {
  const { timeoutUs, unavailability, tolerance, recoveryWithinUs, rules } = definition;
  const outage: ComparedMeasure[] = ['unavailability', 'not-back', 'detection-coverage'];
  const worse: ComparedMeasure[] = ['degraded', 'detection-coverage', 'recovery-coverage'];
  const inTime: ComparedMeasure[] = ['recovery-coverage', 'recovery-latency'];
  const ofRules: ComparedMeasure[] = ['detected', 'recovered-by-record'];
  return [
    { what: 'timeout of a request', said: formatDuration(timeoutUs) },
    { what: 'window of an outage', said: formatDuration(unavailability.windowUs), affects: outage },
    { what: 'error rate of an outage', said: percentage(unavailability.errorRate), affects: outage },
    { what: 'tolerance of latency', said: percentage(tolerance.latency), affects: worse },
    { what: 'tolerance of throughput', said: percentage(tolerance.throughput), affects: worse },
    { what: 'recovery within', said: formatDuration(recoveryWithinUs), affects: inTime },
    {
      what: 'rules that read the logs',
      said: rules.length === 0 ? 'none' : rules.map(({ name }) => name).join(', '),
      affects: ofRules,
      isItsOwn: true,
    },
  ];
}

function percentage(share: number): string {
  return `${Number((share * 100).toFixed(4))}%`;
}

/** Each value in something of any shape, with the path to it. */
function leavesOf(value: unknown, path = ''): [string, string][] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null)
    return [[path === '' ? 'value' : path, typeof value === 'string' ? value : JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, path === '' ? key : `${path}.${key}`),
  );
}
