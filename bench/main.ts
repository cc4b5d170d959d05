import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { agentAtRest } from './agent-at-rest.ts';
import type { Benchmark } from './benchmark.ts';
import { campaignOf360 } from './campaign-of-360.ts';
import { document, type Outcome } from './document.ts';
import { generator } from './generator.ts';
import { injectionLateness } from './injection-lateness.ts';
import { commonMode } from './in-lab/common-mode.ts';
import { kernelCpu } from './in-lab/kernel-cpu.ts';
import { kernelNetwork } from './in-lab/kernel-network.ts';
import { kernelStorage } from './in-lab/kernel-storage.ts';
import { intake } from './intake.ts';
import { kills } from './kills.ts';
import { thisMachine } from './machine.ts';
import { Place } from './place.ts';
import { plan } from './plan.ts';
import { prefail } from './prefail/prefail.ts';
import { stopAll } from './stop-all.ts';

const benchmarks: readonly Benchmark[] = [
  injectionLateness,
  stopAll,
  generator,
  intake,
  plan,
  campaignOf360,
  agentAtRest,
  kills,
  prefail,
  kernelNetwork,
  kernelStorage,
  kernelCpu,
  commonMode,
];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => benchmarks.every((benchmark) => benchmark.name !== name));
if (unknown.length > 0) {
  const all = benchmarks.map(({ name }) => name).join(', ');
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}. There are: ${all}.\n`);
  process.exit(2);
}

await mkdir(new URL('results/', import.meta.url), { recursive: true });
for (const benchmark of benchmarks) {
  if (asked.length > 0 && !asked.includes(benchmark.name)) continue;
  process.stdout.write(`\n${benchmark.title}\n`);
  const outcome = await measure(benchmark);
  await writeFile(resultsOf(benchmark), `${JSON.stringify(outcome, undefined, 2)}\n`);
  for (const { what, found, aim } of outcome.figures) {
    const verdict = aim === undefined ? '' : ` (${aim.text}: ${aim.isMet ? 'met' : 'missed'})`;
    process.stdout.write(`  ${what}: ${found}${verdict}\n`);
  }
}
const outcomes = benchmarks.map(async (benchmark) => [benchmark, await lastOutcome(benchmark)] as const);
await writeFile(new URL('../docs/benchmarks.md', import.meta.url), document(await Promise.all(outcomes)));

async function measure(benchmark: Benchmark): Promise<Outcome> {
  const machine = thisMachine();
  const place = new Place();
  try {
    const figures = await benchmark.run(place);
    return { on: new Date().toISOString().slice(0, 10), machine, figures };
  } finally {
    await place.leave();
  }
}

function resultsOf({ name }: Benchmark): URL {
  return new URL(`results/${name}.json`, import.meta.url);
}

async function lastOutcome(benchmark: Benchmark): Promise<Outcome | undefined> {
  const text = await readFile(resultsOf(benchmark), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Outcome);
}
