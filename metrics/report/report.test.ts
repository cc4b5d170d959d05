import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderReport } from './report.ts';
import { exampleMeasures, largeExample } from './report.example.ts';
import { combined } from './trials.example.ts';
import { exampleDistributions, exampleSeries } from './series.example.ts';

const input = {
  measures: exampleMeasures,
  series: new Map([
    ['t001', exampleSeries(0, 0)],
    ['t002', exampleSeries(6_420_000, 0.4)],
    ['t003', exampleSeries(40_000_000, 1)],
    ['t006', exampleSeries(0, 0)],
  ]),
  distributions: new Map([
    ['t001', exampleDistributions(0, 0)],
    ['t002', exampleDistributions(0.32, 0)],
    ['t003', exampleDistributions(1, 1)],
    ['t006', exampleDistributions(0.08, 0)],
  ]),
  provenance: { ordeal: '0.1.0', 'kernel of web1': '6.1.0-25-amd64', seed: '482113' },
};
const page = renderReport(input);
const plain = page.replaceAll('\u00a0', ' ');

/** The texts between tags, as a reader sees them. */
const words = plain
  .replace(/<style>.*<\/style>/s, ' ')
  .replace(/<[^>]*>/g, ' ')
  .replace(/\s+/g, ' ');

describe('the report', () => {
  test('loads nothing: no address, no script, no import', () => {
    assert.doesNotMatch(page, /(?:https?|ftp|data|file|javascript):/i);
    assert.doesNotMatch(
      page,
      /<(?:script|link|iframe|object|embed|img|base)\b|@import|url\(|\bsrc=|\bon\w+=/i,
    );
    assert.match(page, /Content-Security-Policy" content="default-src &#39;none&#39;/);
    for (const [, target] of page.matchAll(/href="([^"]*)"/g)) {
      assert.ok(target?.startsWith('#') && page.includes(`id="${target.slice(1)}"`), target);
    }
  });

  test('says the verdict, and why, before all else', () => {
    const head = words.slice(0, words.indexOf('Unavailability by cell'));
    assert.match(head, /quickstart ✗ fail The service did not keep what the campaign demands of it\./);
    assert.match(head, /Trials 2 ✓ pass 2 ✗ fail 1 \? unknown 5 trials, 1 golden run/);
    assert.match(head, /Unavailability \(U\) Demanded at most 5 s Worst found not recovered in t003/);
    assert.match(head, /∞: 1 of 3 did not recover; of the others 6\.41 s/);
    assert.match(head, /\(FDC\) 2 of 3: 66\.7% \(20\.8% to 93\.9%\)/);
    assert.match(
      head,
      /Look first at t003 front-cut: .* t002 replica-killed: .* Unknown, t004 : &#34;web2&#34; has not/,
    );
  });

  test('tells what the infrastructure noticed and did, in its own words and on the axis of the timeline', () => {
    assert.match(words, /FRL 4\.46 s ± 1\.24 ms/);
    assert.match(words, /at most 412 ms/);
    assert.match(words, /false alarm management haproxy on front backend down \[WARNING\]/);
    assert.match(words, /detection, but it names another component/);
    assert.match(
      plain,
      /aria-label="Fault: sigkill, 10 s, from \+0 s\. Effects: \+0\.4 ms to \+0\.9 ms\. Outages: 6\.41 s, from \+12 ms\. Detected: \+1\.84 s by haproxy\. Repair: begun \+3\.5 s, done \+6\.3 s by node"/,
    );
    assert.match(plain, /Repair: none: healed on removal/);
    assert.equal(page.match(/class="whisker" style/g)?.length, 2, 'where the clocks leave much open');
  });

  test('shows what is unknown as unknown, and what is infinite as not recovered', () => {
    assert.match(words, /not recovered \(at least 40 s\)/);
    assert.match(words, /at least 40 s, open at the end/);
    assert.match(words, /&#34;web2&#34; has not closed the trial/);
    assert.match(words, /unknown packet/);
    assert.doesNotMatch(words, /NaN|Infinity|undefined|null|\[object/);
    const row = /<tr><th scope="row"><a class="name" href="#trial-t004">.*?<\/tr>/s.exec(page)?.[0] ?? '';
    // Effects, the outcome, U, the longest outage and three windows of each of three measures.
    assert.equal(row.match(/<span class="doubt">unknown<\/span>/g)?.length, 13);
  });

  test('says what came of each fault, and of each cell how often', () => {
    assert.match(
      plain,
      /aria-label="outage, not recovered: 1, outage, recovered on removal: 1, outage, recovered by the node: 1, unknown: 1"/,
    );
    assert.match(words, /outcome of the fault: unknown: the trial does not count/);
  });

  test('says of each cell whether it can be told from the golden runs, and where no number of that size could', () => {
    assert.match(
      words,
      /With so few trials 2 of 2 cells cannot be told from the golden runs whatever they come to/,
    );
    assert.match(words, /physical\.network\.unavailability 1, 1 n\. d\. 1 -?[\d.]+ to 1, p 1/);
    assert.match(words, /Whether the system drifted is not known/);
  });

  test('has the tables of the thesis: counts by the record alone, and means of what they are means of', () => {
    const tables = words.slice(words.indexOf('Fault-free latency'));
    assert.match(tables, /all requests 1 1\.1 ms 2\.3 ms 250 \/s/);
    // Of the four with a fault one does not count, two were detected, and one of these was repaired: by the node, after 4.46 s.
    assert.match(tables, /All 3 2 0 1 0 1 66\.7% 50%/);
    assert.match(tables, /All 1\.13 s 4\.46 s \*/);
  });

  test('lists the attempts that do not count, and the trials that were never begun', () => {
    assert.match(words, /t003 1 interrupted the host front was lost/);
    assert.match(words, /Never begun: t005/);
  });

  test('draws a timeline and latencies for each trial that has samples, and says where there are none', () => {
    assert.equal(page.match(/<figure class="timeline">/g)?.length, 4);
    // Of each trial, and of all cells together.
    assert.equal(page.match(/<figure class="strips">/g)?.length, 5);
    assert.equal(page.match(/There are no samples to draw a timeline of/g)?.length, 1);
    assert.doesNotMatch(page, /d="[^"]*(?:NaN|Infinity)/);
  });

  test('escapes every name that somebody chose', () => {
    const evil = '"><script>alert(1)</script>&';
    const poison = <Value>(value: Value): Value => JSON.parse(poisoned(JSON.stringify(value))) as Value;
    // Every text that the types leave free is replaced; those that they do not are single words.
    const poisoned = (json: string): string =>
      json.replace(
        /"(name|reason|mechanism|cell|host|injection|effectUnit|campaign|pattern|source|producer|text|rule|watch|component|names|unit)":"[^"]*"/g,
        (_, key) => `${JSON.stringify(key)}:${JSON.stringify(evil)}`,
      );
    const measures = { ...poison(exampleMeasures), reasons: [evil] };
    const result = renderReport({ ...input, measures, provenance: { [evil]: evil } });
    assert.ok(!result.includes('<script'));
    assert.ok(result.split('&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;').length > 20);
  });

  test('of a large campaign opens the worst and the unknown trials alone, and stays below 2 MB for 100', () => {
    const measures = largeExample(100);
    const drawn = measures.trials.filter(({ service }) => service !== undefined).map(({ trial }) => trial);
    const large = renderReport({
      ...input,
      measures,
      series: new Map(drawn.map((trial) => [trial, exampleSeries(6_420_000, 0.4)])),
      distributions: new Map(drawn.map((trial) => [trial, exampleDistributions(0.4, 0)])),
    });
    assert.equal(large.match(/<details class="trial" open>/g)?.length, 6);
    assert.equal(large.match(/<details class="trial">/g)?.length, 94);
    assert.ok(Buffer.byteLength(large) < 2e6, `${Buffer.byteLength(large)} bytes`);
  });

  test('is the same, byte by byte, for the same input', () => {
    assert.equal(renderReport(input), page);
  });

  test('is whole when nothing was ever begun', () => {
    const measures = {
      ...exampleMeasures,
      outcome: 'unknown',
      verdict: 'unknown',
      trials: [],
      groups: [],
    } as const;
    const empty = renderReport({ measures, series: new Map(), distributions: new Map(), provenance: {} });
    assert.match(empty, /No trial with a fault was begun/);
    assert.match(empty, /<\/html>\n$/);
  });
});

describe('a trial of several faults', () => {
  const lanes = renderReport({ ...input, measures: { ...exampleMeasures, trials: [combined] } }).replaceAll(
    '\u00a0',
    ' ',
  );

  test('has a lane for each fault, as long as it was there, and says of what was never active that it was not', () => {
    assert.match(lanes, /Fault: replica-frozen, 3 s, from \+0 s\. Fault: front-cut, never active/);
  });

  test('has a table of its faults, and says of each injection of which of them it is', () => {
    const seen = lanes.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    assert.match(
      seen,
      /Faults of the combination .* replica-frozen virtual\.cpu\.unavailability cgroup-freeze/,
    );
    assert.match(seen, /Injections Fault Injection Host .* replica-frozen i1 web1 cgroup-freeze/);
  });
});
