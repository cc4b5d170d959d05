import { compareText } from '../measures/canonical.ts';
import type { FaultResponse, Latency } from '../measures/infrastructure-measures.ts';
import type { ClassWindows, Measures, TrialMeasures } from '../measures/measures.ts';
import { count, perSecond, percent, span } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { type Column, table } from './table.ts';

/** Tables 5.1 to 5.4 of the thesis, by its own definitions, so that results can be laid beside its own. */
export function thesisTables({ trials }: Measures): Markup {
  const valid = trials.filter((trial) => trial.valid);
  const golden = valid.filter(({ fault }) => fault === undefined);
  const rows = cellRows(valid);
  return markup`<section>
<h2 id="thesis">As the thesis has it</h2>
<p>Means over valid trials, as in the thesis's tables 5.1 to 5.4; the sections above say how sure they are. Latencies are of the successes alone and after the (planned) removal of the fault. A mean over the recovered
cases alone, where there were others, has a star: such means are not like for like.</p>
<details class="tables" open><summary>Tables</summary>
${table('Fault-free latency and throughput, by class of request (tables 5.1 and 5.2)', faultFree, faultFreeRows(golden))}
${rows.length === 0 ? undefined : table('Fault detection and fault recovery coverage (table 5.3): by the record alone, whatever it took and came to', coverage, [...rows, totalOf(rows)])}
${rows.length === 0 ? undefined : table('Fault detection and fault recovery latency (table 5.4), from the injection and from the detection', latency, [...rows, totalOf(rows)])}
</details>
</section>`;
}

interface FaultFreeRow {
  readonly name: string;
  readonly l50Us: number | undefined;
  readonly l90Us: number | undefined;
  readonly throughputPerS: number | undefined;
  readonly n: number;
}

function faultFreeRows(golden: readonly TrialMeasures[]): FaultFreeRow[] {
  const services = golden.flatMap(({ service }) => service ?? []);
  const classes = [
    ...new Set(services.flatMap((service) => service.classes.map(({ requestClass }) => requestClass))),
  ];
  const rowOf = (name: string, windows: readonly Pick<ClassWindows, 'after'>[]): FaultFreeRow => ({
    name,
    l50Us: mean(windows.map(({ after }) => after.successLatency.l50Us)),
    l90Us: mean(windows.map(({ after }) => after.successLatency.l90Us)),
    throughputPerS: mean(windows.map(({ after }) => after.throughputPerS)),
    n: windows.length,
  });
  return [
    rowOf('all requests', services),
    ...classes.sort(compareText).map((name) =>
      rowOf(
        name,
        services.flatMap((service) => service.classes.filter(({ requestClass }) => requestClass === name)),
      ),
    ),
  ];
}

const faultFree: readonly Column<FaultFreeRow>[] = [
  { title: 'Requests', cell: ({ name }) => name },
  { title: 'Golden runs', numeric: true, cell: ({ n }) => count(n) },
  { title: 'Latency, 50th percentile, mean', numeric: true, cell: ({ l50Us }) => shown(l50Us, span) },
  { title: 'Latency, 90th percentile, mean', numeric: true, cell: ({ l90Us }) => shown(l90Us, span) },
  {
    title: 'Throughput, mean',
    numeric: true,
    cell: ({ throughputPerS }) => shown(throughputPerS, perSecond),
  },
];

interface CellRow {
  readonly name: string;
  readonly responses: readonly FaultResponse[];
}

function cellRows(valid: readonly TrialMeasures[]): CellRow[] {
  const cells = [...new Set(valid.flatMap(({ fault }) => fault?.cell ?? []))].sort(compareText);
  return cells.map((name) => ({
    name,
    responses: valid.flatMap(({ fault, infrastructure: { response } }) =>
      fault?.cell === name && response !== undefined ? [response] : [],
    ),
  }));
}

function totalOf(rows: readonly CellRow[]): CellRow {
  return { name: 'All', responses: rows.flatMap(({ responses }) => responses) };
}

const detectedIn = ({ responses }: CellRow): FaultResponse[] =>
  responses.filter(({ detected }) => detected === true);
const repairedBy = (row: CellRow, whom: 'node' | 'management'): FaultResponse[] =>
  detectedIn(row).filter(({ repaired, by }) => repaired === true && by === whom);
const repairedIn = (row: CellRow): FaultResponse[] => [
  ...repairedBy(row, 'management'),
  ...repairedBy(row, 'node'),
];

const coverage: readonly Column<CellRow>[] = [
  { title: 'Fault', cell: ({ name }) => name },
  { title: 'Trials', numeric: true, cell: ({ responses }) => count(responses.length) },
  { title: 'Detected', numeric: true, cell: (row) => withUnknown(detectedIn(row).length, row, 'detected') },
  {
    title: 'by management (MANO)',
    under: 'Recovered',
    numeric: true,
    cell: (row) => count(repairedBy(row, 'management').length),
  },
  {
    title: 'by the node (NFVI)',
    under: 'Recovered',
    numeric: true,
    cell: (row) => count(repairedBy(row, 'node').length),
  },
  {
    title: 'not known',
    under: 'Recovered',
    numeric: true,
    cell: (row) => count(detectedIn(row).filter(({ repaired }) => repaired === 'unknown').length),
  },
  {
    title: 'Healed on removal, by nobody',
    numeric: true,
    cell: ({ responses }) =>
      count(responses.filter(({ healedOnRemoval }) => healedOnRemoval === true).length),
  },
  {
    title: 'Detection coverage',
    numeric: true,
    cell: (row) => ratio(detectedIn(row).length, row.responses.length),
  },
  {
    title: 'Recovery coverage',
    numeric: true,
    cell: (row) => ratio(repairedIn(row).length, detectedIn(row).length),
  },
];

const latency: readonly Column<CellRow>[] = [
  { title: 'Fault', cell: ({ name }) => name },
  {
    title: 'Detection (FDL), mean',
    numeric: true,
    cell: (row) =>
      meanOf(
        detectedIn(row).map(({ latencyFromInjection }) => latencyFromInjection),
        false,
      ) ?? 'no detection',
  },
  {
    title: 'Recovery (FRL), mean',
    numeric: true,
    cell: (row) => {
      const [detected, repaired] = [detectedIn(row), repairedIn(row)];
      if (detected.length === 0) return 'not detected';
      return (
        meanOf(
          repaired.map(({ recoveryLatency }) => recoveryLatency),
          repaired.length < detected.length,
        ) ?? 'not recovered'
      );
    },
  },
];

function withUnknown(known: number, { responses }: CellRow, of: 'detected'): Markup | string {
  const unknown = responses.filter((response) => response[of] === 'unknown').length;
  if (unknown === 0) return count(known);
  return markup`${count(known)} <span class="doubt">(${count(unknown)} unknown)</span>`;
}

function meanOf(latencies: readonly (Latency | undefined)[], isPartial: boolean): string | undefined {
  const known = latencies.flatMap((one) => (one === undefined ? [] : [one.us]));
  const found = mean(known);
  return found === undefined ? undefined : `${span(found)}${isPartial ? ' *' : ''}`;
}

function mean(values: readonly (number | 'failed' | 'unknown')[]): number | undefined {
  const known = values.filter((value) => typeof value === 'number');
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function shown(value: number | undefined, as: (value: number) => string): string {
  return value === undefined ? 'unknown' : as(value);
}

function ratio(k: number, n: number): Markup | string {
  return n === 0 ? markup`<span class="none">none to count</span>` : percent(k / n);
}
