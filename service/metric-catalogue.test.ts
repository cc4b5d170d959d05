import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { metricCatalogue } from './metric-catalogue.ts';
import { ProcessMetrics } from './process-metrics.ts';

const document = readFileSync(new URL('../docs/metrics.md', import.meta.url), 'utf8');
const rows = document
  .split('\n')
  .filter((line) => line.startsWith('| ordeal_'))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );

test('docs/metrics.md says of each metric of the catalogue what that says, in its order, and of no other', () => {
  const declared = Object.entries(metricCatalogue).map(([name, { type, labels, help }]) => [
    name,
    type,
    labels.length === 0 ? '-' : labels.join(', '),
    help,
  ]);
  assert.deepEqual(rows, declared);
});

for (const [name, { type }] of Object.entries(metricCatalogue)) {
  test(`${name} is named as its type and unit want`, () => {
    assert.match(name, /^ordeal_[a-z_]+$/);
    assert.equal(name.endsWith('_total'), type === 'counter');
    assert.doesNotMatch(name, /(_us|_ms|_milliseconds|_microseconds|_percent)$/);
  });
}

test('what is unknown has no value, and comes and goes with what is known', async () => {
  const metrics = new ProcessMetrics();
  let error: number | undefined;
  metrics.value('ordeal_agent_clock_error_seconds', () => error);
  const lines = async (): Promise<string[]> =>
    (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('ordeal_'));
  assert.deepEqual(await lines(), []);
  error = 0.5;
  assert.deepEqual(await lines(), ['ordeal_agent_clock_error_seconds 0.5']);
  error = undefined;
  assert.deepEqual(await lines(), []);
});

test('a counter shows the count at each reading, not the sum of the readings', async () => {
  const metrics = new ProcessMetrics();
  metrics.values('ordeal_metrics_samples_total', () => [{ labels: { outcome: 'ok' }, value: 3 }]);
  await metrics.registry.metrics();
  assert.match(await metrics.registry.metrics(), /^ordeal_metrics_samples_total\{outcome="ok"\} 3$/m);
});
