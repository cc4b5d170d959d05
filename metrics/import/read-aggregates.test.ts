import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { readAggregates } from './read-aggregates.ts';
import { aggregatesDocument } from './aggregates-document.ts';
import { readAggregatesTable } from './aggregates-table.ts';

const good = `version: 1
name: Vendor
source: a paper, Table 2
cells:
  - { cell: physical.cpu.delay, trials: 5, detected: 4, byManagement: 2, byNode: 1, detectionLatency: 11.3s, recoveryLatency: median 66.7s * }
  - { cell: physical.cpu.corruption, trials: 5, detected: 0, detectionLatency: no detection }
`;

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.equal(OrdealError.from(error).code, 'INVALID_INPUT');
    return OrdealError.from(error).message;
  }
  assert.fail('it was read');
}

const readYaml = (text: string) => readAggregates(text, 'made.yaml');
const readCsv = (text: string) => readAggregatesTable(Buffer.from(text), 'made.csv');

test('latencies are read with what is marked at them', () => {
  const { cells, setting, averages } = readYaml(good);
  assert.deepEqual(cells, [
    {
      cell: 'physical.cpu.delay',
      trials: 5,
      detected: 4,
      byManagement: 2,
      byNode: 1,
      detectionLatency: { us: 11_300_000, of: 'mean', isPartial: false },
      recoveryLatency: { us: 66_700_000, of: 'median', isPartial: true },
    },
    {
      cell: 'physical.cpu.corruption',
      trials: 5,
      detected: 0,
      detectionLatency: { mark: 'no detection' },
    },
  ]);
  assert.deepEqual([setting, averages], [{}, {}]);
});

test('a wrong file is refused at the place, with what was found and what is allowed', () => {
  const broken: readonly [string, string, RegExp][] = [
    ['detected: 4', 'detected: 6', /made\.yaml:5:\d+ cells\[0\]\.detected: .*no more than the 5 trials/],
    ['byNode: 1', 'byNode: 3', /cells\[0\]\.byManagement: .*5 recovered where 4 can have been/],
    ['11.3s', '11.3', /cells\[0\]\.detectionLatency: is 11\.3; it must be a latency such as "11\.3s"/],
    ['detectionLatency: no detection', 'detectionLatency: none', /is "none".*no detection, not detected/],
    ['cpu.corruption', 'cpu.corrupt', /made\.yaml:6:\d+ cells\[1\]\.cell: .*physical\.cpu\.corruption/],
    ['cpu.corruption', 'cpu.delay', /cells\[1\]\.cell: .*was there before/],
    ['detected: 4', 'detekted: 4', /unknown key "detekted"; did you mean "detected"/],
    [
      'trials: 5, detected: 4',
      'trials: 0, detected: 0',
      /cells\[0\]\.trials: is 0; it must be a whole number/,
    ],
    ['source: a paper, Table 2\n', '', /source: is missing/],
  ];
  for (const [found, instead, says] of broken) {
    assert.ok(good.includes(found), found);
    assert.match(
      refusal(() => readYaml(good.replace(found, instead))),
      says,
    );
  }
});

const table = `cell,trials,detected,detectionLatency
physical.cpu.delay,5,5,"58.0s *"
physical.cpu.corruption,5,0,no detection
`;

test('a table of commas has the rows that a file of YAML would have', () => {
  assert.deepEqual(readCsv(table), [
    { cell: 'physical.cpu.delay', trials: 5, detected: 5, detectionLatency: '58.0s *' },
    { cell: 'physical.cpu.corruption', trials: 5, detected: 0, detectionLatency: 'no detection' },
  ]);
});

test('the file of aggregates that is made of a table is read as the table was', () => {
  const text = aggregatesDocument({ name: 'Vendor: "quoted"', source: 'a # paper' }, readCsv(table));
  const { name, source, cells } = readYaml(text);
  assert.deepEqual([name, source], ['Vendor: "quoted"', 'a # paper']);
  assert.deepEqual(
    cells.map(({ cell, detected, detectionLatency }) => [cell, detected, detectionLatency]),
    [
      ['physical.cpu.delay', 5, { us: 58_000_000, of: 'mean', isPartial: true }],
      ['physical.cpu.corruption', 0, { mark: 'no detection' }],
    ],
  );
});

test('a field that is empty says nothing', () => {
  assert.deepEqual(readCsv('cell,trials,detected\nphysical.cpu.delay,5,\n'), [
    { cell: 'physical.cpu.delay', trials: 5 },
  ]);
});

test('a wrong table is refused with line, column, what was found and what is allowed', () => {
  const broken: readonly [string, RegExp][] = [
    ['', /made\.csv:1:1 has no line; it is CSV/],
    ['cell,trials\n', /has a heading and no cell/],
    [
      'cell,trails\na,5\n',
      /made\.csv:1:6 "trails" is no column; did you mean "trials"\?; the columns are cell, /,
    ],
    ['cell,detected\na,5\n', /the column "trials" is missing/],
    ['cell,trials,trials\na,5,5\n', /made\.csv:1:13 the column "trials" is there twice/],
    [table.replace('5,5,', '5,7,'), /made\.csv:2:22 detected: .*no more than the 5 trials/],
    [table.replace('"58.0s *"', '58'), /made\.csv:2:24 detectionLatency: is 58; it must be a latency/],
    [table.replace('5,0,no', '5,no'), /made\.csv:3:1 has 3 fields; the heading has 4/],
    [table.replace('58.0s *"', '58.0s *'), /made\.csv:2:24 a quote that does not end on its line/],
    [table.replace('cpu.corruption', 'cpu.delay'), /made\.csv:3:1 cell: was there before/],
    ['cell,trials\n\xff,5\n', /made\.csv:2:1 cell: .*must be a cell of the fault model/],
  ];
  for (const [text, says] of broken)
    assert.match(
      refusal(() => readCsv(text)),
      says,
    );
});
