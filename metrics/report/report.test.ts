import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderReport } from './report.ts';
import { exampleMeasures } from './report.example.ts';
import { exampleSeries } from './series.example.ts';

const input = {
  measures: exampleMeasures,
  series: new Map([
    ['t001', exampleSeries(0, 0)],
    ['t002', exampleSeries(6_420_000, 0.4)],
    ['t003', exampleSeries(40_000_000, 1)],
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
    const head = words.slice(0, 700);
    assert.match(head, /quickstart ✗ fail/);
    assert.match(
      head,
      /did not keep what the campaign demands of it\. Of 4 trials \(1 golden run among them\)/,
    );
    assert.match(head, /1 passed, 2 failed, 1 unknown/);
    assert.match(head, /t003: the service did not recover/);
  });

  test('shows what is unknown as unknown, and what is infinite as not recovered', () => {
    assert.match(words, /not recovered \(at least 40 s\)/);
    assert.match(words, /at least 40 s, open at the end/);
    assert.match(words, /&#34;web2&#34; has not closed the trial/);
    assert.match(words, /unknown packet/);
    assert.doesNotMatch(words, /NaN|Infinity|undefined|null|\[object/);
    const row = /<tr><th scope="row"><a href="#trial-t004">.*?<\/tr>/s.exec(page)?.[0] ?? '';
    // Effects, U, the longest outage and three windows of each of three measures.
    assert.equal(row.match(/<span class="doubt">unknown<\/span>/g)?.length, 12);
  });

  test('lists the attempts that do not count, and the trials that were never begun', () => {
    assert.match(words, /t003 1 interrupted the host front was lost/);
    assert.match(words, /Never begun: t005/);
  });

  test('draws three panels for each trial that has samples, and says where there are none', () => {
    assert.equal(page.match(/<svg /g)?.length, 9);
    assert.equal(page.match(/There are no samples to draw a timeline of/g)?.length, 1);
    assert.equal(page.match(/<rect class="fault"/g)?.length, 6);
    assert.equal(page.match(/A bar over the latency/g)?.length, 2);
    assert.doesNotMatch(page, /d="[^"]*(?:NaN|Infinity)/);
  });

  test('escapes every name that somebody chose', () => {
    const evil = '"><script>alert(1)</script>&';
    const poison = <Value>(value: Value): Value => JSON.parse(poisoned(JSON.stringify(value))) as Value;
    // Every text that the types leave free is replaced; those that they do not are single words.
    const poisoned = (json: string): string =>
      json.replace(
        /"(name|reason|mechanism|cell|host|injection|effectUnit|campaign|pattern|source|producer)":"[^"]*"/g,
        (_, key) => `${JSON.stringify(key)}:${JSON.stringify(evil)}`,
      );
    const measures = { ...poison(exampleMeasures), reasons: [evil] };
    const result = renderReport({ ...input, measures, provenance: { [evil]: evil } });
    assert.ok(!result.includes('<script'));
    assert.ok(result.split('&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;').length > 20);
  });

  test('is whole when nothing was ever begun', () => {
    const measures = {
      ...exampleMeasures,
      outcome: 'unknown',
      verdict: 'unknown',
      trials: [],
      groups: [],
    } as const;
    const empty = renderReport({ measures, series: new Map(), provenance: {} });
    assert.match(empty, /No trial with a fault was begun/);
    assert.match(empty, /<\/html>\n$/);
  });
});
