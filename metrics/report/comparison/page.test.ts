import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { aggregatesSide } from '../../comparison/aggregates-side.ts';
import { compare } from '../../comparison/compare.ts';
import type { Side } from '../../comparison/side.ts';
import { madeRow, madeSide } from '../../comparison/side.example.ts';
import { readAggregates } from '../../import/read-aggregates.ts';
import { comparisonPage } from './page.ts';

const thesis = (name: string): Side => {
  const file = new URL(`../../../docs/results/thesis/${name}.yaml`, import.meta.url);
  return aggregatesSide(readAggregates(readFileSync(file), name));
};
const page = comparisonPage(compare(thesis('esxi'), thesis('docker')));

const textOf = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('\u00a0', ' ')
    .replace(/\s+/g, ' ');

test('the first screen says which two, what can be told apart and what speaks against it', () => {
  const first = textOf(page.slice(0, page.indexOf('</header>')));
  assert.match(first, /VMware ESXi\/vSphere and Linux\/Docker/);
  assert.match(first, /57\/60 95% .*45\/60 75% .*0\.0039 .*A is better/);
  assert.match(first, /53\/57 93% .*41\/45 91\.1% .*0\.73 .*not distinguishable/);
  assert.match(
    first,
    /Contradiction : B physical\.network\.delay, detected: Table 5\.3: 5; Table 5\.4, detection: 0/,
  );
  assert.match(first, /averages of Recovery latency \(FRL\) are not like for like/);
});

test('both like-for-like averages of the thesis are on the page, and by which rule the printed ones were made', () => {
  const text = textOf(page);
  assert.match(text, /all rows 129\.8 s 7 rows 113\.0 s 6 rows/);
  assert.match(text, /rows over all cases 91\.1 s 5 rows 91\.2 s 4 rows/);
  assert.match(text, /As printed, not like for like : A 129\.8 s: all rows B 91\.2 s: rows over all cases/);
});

test('the page loads nothing and runs nothing', () => {
  assert.match(page, /default-src &#39;none&#39;/);
  assert.doesNotMatch(page, /<script|<link|src=|@import|url\(/);
});

test('every mark lies within its track, that of what never came back at the edge', () => {
  const side = (unavailability: readonly number[]) =>
    madeSide([madeRow('virtual.cpu.delay', { values: { unavailability } })]);
  const html = comparisonPage(compare(side([1e6, 2e6]), side([5e6, Infinity, Infinity])));
  const places = [...html.matchAll(/class="point[^"]*" style="left:([\d.]+)%/g)].map(([, at]) => Number(at));
  assert.ok(places.length >= 4);
  assert.ok(places.every((at) => at >= 0 && at <= 100));
  assert.match(html, /class="point other never" style="left:100%/);
  assert.match(textOf(html), /∞ \(3, 2 never\)/);
});

test('what a side is called is text, and no markup', () => {
  const html = comparisonPage(compare({ ...madeSide([]), name: '<b>"' }, madeSide([])));
  assert.doesNotMatch(html, /<b>"/);
  assert.match(html, /nothing in common that could be tested/);
});
