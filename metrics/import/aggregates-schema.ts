import { z } from 'zod';
import { parseDurationUs } from '../../clock/duration.ts';
import { cell } from '../../campaign/fault-schema.ts';
import { duration, ratePerS, wholeNumber } from '../../campaign/values.ts';
import {
  latencyMarks,
  type AggregateLatency,
  type Aggregates,
  type CellAggregate,
} from '../comparison/aggregates.ts';

const text = z
  .string({ error: 'must be a text' })
  .min(1, 'must not be empty')
  .max(1000, 'must hold 1000 characters at most');
const count = wholeNumber(0, 1_000_000);

/** The star of the tables in which such numbers are printed, or the words for it. */
const partial = /\s*(?:\*|over recovered cases only)$/;
const latencyForm = `must be a latency such as "11.3s", with "median" before it where it is no mean and " *" behind it where it is over recovered cases only; or one of: ${latencyMarks.join(', ')}`;

const latency = z.string({ error: latencyForm }).transform((given, context): AggregateLatency => {
  const mark = latencyMarks.find((known) => known === given);
  if (mark !== undefined) return { mark };
  const [, of = 'mean', rest = ''] = /^(?:(mean|median)\s+)?(.*)$/.exec(given) ?? [];
  const us = parseDurationUs(rest.replace(partial, ''));
  if (us !== undefined)
    return { us, of: of === 'median' ? 'median' : 'mean', isPartial: partial.test(given) };
  context.addIssue({ code: 'custom', message: latencyForm });
  return z.NEVER;
});

const cellKeys = {
  cell,
  trials: wholeNumber(1, 1_000_000),
  detected: count.exactOptional(),
  byManagement: count.exactOptional(),
  byNode: count.exactOptional(),
  detectionLatency: latency.exactOptional(),
  recoveryLatency: latency.exactOptional(),
};

/** The columns of a file of commas, which are the keys of a cell in one of YAML. */
export const cellColumns = Object.keys(cellKeys);

export const cellSchema = z
  .strictObject(cellKeys)
  .superRefine((given, context) => {
    for (const { key, message } of impossible(given))
      context.addIssue({ code: 'custom', path: [key], message });
  })
  .transform((given): CellAggregate => given);

const goldenSchema = z
  .strictObject({
    class: text,
    l50: duration.optional(),
    l90: duration.optional(),
    throughput: ratePerS.optional(),
  })
  .transform(({ class: requestClass, l50, l90, throughput }) => ({
    requestClass,
    ...(l50 === undefined ? {} : { l50Us: l50 }),
    ...(l90 === undefined ? {} : { l90Us: l90 }),
    ...(throughput === undefined ? {} : { throughputPerS: throughput }),
  }));

const averages = z
  .strictObject({ detectionLatency: duration.optional(), recoveryLatency: duration.optional() })
  .transform(({ detectionLatency, recoveryLatency }) => ({
    ...(detectionLatency === undefined ? {} : { detectionLatencyUs: detectionLatency }),
    ...(recoveryLatency === undefined ? {} : { recoveryLatencyUs: recoveryLatency }),
  }));

export const aggregatesSchema = z
  .strictObject({
    version: z.literal(1, { error: 'must be 1, the version of this format' }),
    name: text,
    source: text,
    setting: z.record(text, text).prefault({}),
    records: z
      .strictObject({
        golden: text.prefault('the runs without a fault'),
        counts: text.prefault('the counts'),
        latencies: text.prefault('the latencies'),
      })
      .prefault({}),
    golden: z
      .array(goldenSchema, { error: 'must be a list of classes of requests' })
      .max(100, 'must hold 100 classes at most')
      .prefault([]),
    cells: z
      .array(cellSchema, { error: 'must be a list of cells' })
      .min(1, 'must hold a cell')
      .superRefine((cells, context) => {
        for (const { index, message } of repeated(cells))
          context.addIssue({ code: 'custom', path: [index, 'cell'], message });
      }),
    averages: averages.prefault({}),
  })
  .transform((given): Aggregates => given);

/** Each cell that is there a second time. */
export function repeated(cells: readonly { readonly cell: string }[]): { index: number; message: string }[] {
  return cells.flatMap((one, index) => {
    const first = cells.findIndex(({ cell: name }) => name === one.cell);
    return first === index ? [] : [{ index, message: 'was there before; a cell has one row' }];
  });
}

interface Counts {
  readonly trials: number;
  readonly detected?: number;
  readonly byManagement?: number;
  readonly byNode?: number;
}

/** What no source can mean, whatever its records say of each other. */
function impossible({ trials, detected, byManagement, byNode }: Counts): { key: string; message: string }[] {
  const recovered = (byManagement ?? 0) + (byNode ?? 0);
  const most = detected ?? trials;
  return [
    ...(detected !== undefined && detected > trials
      ? [{ key: 'detected', message: `must be no more than the ${trials} trials of the cell` }]
      : []),
    ...(recovered > most
      ? [
          {
            key: byManagement === undefined ? 'byNode' : 'byManagement',
            message: `makes, with the other, ${recovered} recovered where ${most} can have been: only what was detected is recovered`,
          },
        ]
      : []),
  ];
}
