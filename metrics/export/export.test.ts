import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from '../comparison/compare.ts';
import { madeRow, madeSide } from '../comparison/side.example.ts';
import { fieldsOf } from '../import/csv-line.ts';
import { exampleMeasures } from '../report/report.example.ts';
import { campaignJunit } from './campaign-junit.ts';
import { comparisonCsv } from './comparison-csv.ts';
import { comparisonJunit } from './comparison-junit.ts';
import { groupsCsv } from './groups-csv.ts';
import { junitText } from './junit.ts';
import { trialsCsv } from './trials-csv.ts';

function linesOf(csv: string): Map<string, string>[] {
  const [head, ...rows] = csv
    .trimEnd()
    .split('\n')
    .map((line) => {
      const fields = fieldsOf(line);
      assert.ok(!('message' in fields), line);
      return fields.map(({ text }) => text);
    });
  return rows.map((fields) => {
    assert.equal(fields.length, head?.length);
    return new Map(fields.map((text, index) => [head?.[index] ?? '', text]));
  });
}

test('every trial is a line, with the numbers that its measures have', () => {
  const lines = linesOf(trialsCsv(exampleMeasures.trials));
  assert.deepEqual(
    lines.map((line) => [
      line.get('trial'),
      line.get('verdict'),
      line.get('outcomeOfFault'),
      line.get('after.l90Us'),
      line.get('serviceBack'),
      line.get('detected'),
    ]),
    exampleMeasures.trials.map(({ trial, verdict, outcomeOfFault, service, infrastructure }) => [
      trial,
      verdict,
      outcomeOfFault?.is ?? '',
      String(service?.after.latency.l90Us ?? ''),
      String(service?.unavailability.recovered ?? ''),
      String(infrastructure.response?.detected ?? ''),
    ]),
  );
});

test('every measure of every group is a line, a share with its interval', () => {
  const lines = linesOf(groupsCsv(exampleMeasures.groups));
  const all = exampleMeasures.groups.find(({ by }) => by === 'all');
  const found = lines.find((line) => line.get('by') === 'all' && line.get('measure') === 'recoveryCoverage');
  const { k, n, low, high } = all?.infrastructure.recovery.coverage ?? {};
  assert.deepEqual(
    ['k', 'n', 'low', 'high'].map((name) => Number(found?.get(name))),
    [k, n, low, high],
  );
  const groups = new Set(lines.map((line) => `${line.get('by') ?? ''} ${line.get('group') ?? ''}`));
  assert.equal(groups.size, exampleMeasures.groups.length);
});

function tagsOf(xml: string, tag: string): string[] {
  return xml.match(new RegExp(`<${tag}[ >]`, 'g')) ?? [];
}

test('of a campaign every trial is a test case; one that failed is a failure, one that is unknown or was not run an error', () => {
  const xml = campaignJunit(exampleMeasures);
  const count = (verdict: string): number =>
    exampleMeasures.trials.filter((one) => one.verdict === verdict).length;
  assert.equal(tagsOf(xml, 'testcase').length, exampleMeasures.trials.length + exampleMeasures.notRun.length);
  assert.ok(count('fail') > 0 && count('unknown') + exampleMeasures.notRun.length > 0);
  assert.equal(tagsOf(xml, 'failure').length, count('fail'));
  assert.equal(tagsOf(xml, 'error').length, count('unknown') + exampleMeasures.notRun.length);
  assert.match(
    xml,
    new RegExp(
      `^<\\?xml[^>]*>\\n<testsuites name="quickstart" tests="${tagsOf(xml, 'testcase').length}" failures="${count('fail')}"`,
    ),
  );
});

const row = (values: readonly number[]) => madeRow('virtual.cpu.delay', { values: { l90: values } });
const quick = [1, 2, 3, 4, 5];
const slow = [6, 7, 8, 9, 10];

test('of a comparison a row in which B is worse is a failure, one in which it is better is not', () => {
  const worse = comparisonJunit(compare(madeSide([row(quick)]), madeSide([row(slow)])));
  const better = comparisonJunit(compare(madeSide([row(slow)]), madeSide([row(quick)])));
  assert.deepEqual([tagsOf(worse, 'testcase').length, tagsOf(worse, 'failure').length], [2, 2]);
  assert.deepEqual([tagsOf(better, 'testcase').length, tagsOf(better, 'failure').length], [2, 0]);
});

test('of a comparison that is not like for like every row is skipped', () => {
  const xml = comparisonJunit(
    compare(madeSide([row(quick)]), madeSide([row(slow)], [{ what: 'load: rate', said: '1/s' }])),
  );
  assert.deepEqual([tagsOf(xml, 'failure').length, tagsOf(xml, 'skipped').length], [0, 2]);
});

test('a comparison is a line for each row, with both sides and the effect', () => {
  const [total, line] = linesOf(comparisonCsv(compare(madeSide([row(quick)]), madeSide([row(slow)]))));
  assert.equal(total?.get('total'), 'true');
  assert.deepEqual(
    ['measure', 'row', 'a.value', 'b.value', 'effect', 'shift', 'finding', 'better'].map((name) =>
      line?.get(name),
    ),
    ['l90', 'virtual.cpu.delay', '3', '8', '-1', '-5', 'distinguishable', 'a'],
  );
});

test('what XML cannot hold, or would take for markup, does not get into it as it is', () => {
  const xml = junitText('a "b" <c>', [
    {
      name: 's',
      properties: {},
      cases: [{ name: '\u0000\u001b[1m&', group: 'g', seconds: 1, verdict: 'fail', reason: ']]>' }],
    },
  ]);
  assert.doesNotMatch(xml, /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  assert.match(xml, /name="a &#34;b&#34; &#60;c&#62;"/);
  assert.match(xml, /&#38;/);
});
