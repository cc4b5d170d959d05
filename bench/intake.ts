import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../clock/monotonic.ts';
import { Bus } from '../events/bus.ts';
import { encodeSamples } from '../events/samples.ts';
import { idOf } from '../events/event.ts';
import { sampleStream, subjectOf } from '../events/streams.ts';
import { SavedRun } from '../metrics/run/saved-run.ts';
import { MadeCampaign, publishEvent } from '../test/integration/metrics-campaign.ts';
import { MetricsProcess } from '../test/integration/metrics-process.ts';
import { setup } from '../test/integration/nats-server.ts';
import { silent } from '../test/integration/silent.ts';
import type { Benchmark } from './benchmark.ts';
import { processorTimeS } from './processor-time.ts';

/** A generator hands over what it has four times a second: this is one at 4000 requests a second. */
const rowsPerBatch = 1_000;
const batches = 3_000;
const publishedAtATime = 64;
const aimPerS = 200_000;
const campaign = 'intake';
const scope = { campaign, trial: 't001', attempt: 1 };

/** From the stream, through the check of each batch and the search for repetitions, into the saved run. */
export const intake: Benchmark = {
  name: 'intake',
  title: 'Samples that the metrics service takes in',
  method:
    `${batches} batches of ${rowsPerBatch} rows wait in the stream when the metrics service starts. The time runs until the saved run holds them all; ` +
    'the rate on one core divides by the processor time of the service instead (its own start included), since nats-server and the disk have their part in the other.',
  async run(place) {
    const nats = await setup();
    place.after(async () => await nats.cleanup());
    const bus = await Bus.connect({ servers: nats.servers, tls: nats.tls, name: 'bench', log: silent });
    place.after(async () => await bus.close());
    await bus.ensureStreams();
    await publishEvent(bus, new MadeCampaign(campaign).ends().started);
    const bytes = await publishAll(bus);
    const metrics = await MetricsProcess.create(nats);
    place.after(async () => await metrics.cleanup());
    const { seconds, processorS } = await takenIn(metrics, bytes);
    const rows = rowsPerBatch * batches;
    const perCore = rows / processorS;
    return [
      {
        what: 'a second of processor time',
        found: `${Math.round(perCore)} samples`,
        aim: { text: `${aimPerS} on one core`, isMet: perCore >= aimPerS },
      },
      { what: 'a second by the clock', found: `${Math.round(rows / seconds)} samples` },
    ];
  },
};

async function publishAll(bus: Bus): Promise<number> {
  let bytes = 0;
  for (let first = 0; first < batches; first += publishedAtATime) {
    const until = Math.min(first + publishedAtATime, batches);
    const sends: Promise<void>[] = [];
    for (let seq = first; seq < until; seq += 1) {
      const header = {
        ...scope,
        producer: 'tester',
        host: 'tester',
        incarnation: '0123abcd',
        seq,
        classes: ['get'],
        rows: rowsPerBatch,
      };
      const data = encodeSamples({ header, columns: columns(seq) });
      bytes += data.length;
      sends.push(bus.publish(subjectOf(sampleStream, scope, 'tester'), idOf(header), data));
    }
    await Promise.all(sends);
  }
  return bytes;
}

function columns(batch: number) {
  const at = (row: number): number => (batch * rowsPerBatch + row) * 100;
  return {
    intendedUs: Float64Array.from({ length: rowsPerBatch }, (_, row) => at(row)),
    sentUs: Float64Array.from({ length: rowsPerBatch }, (_, row) => at(row) + 50),
    answeredUs: Float64Array.from({ length: rowsPerBatch }, (_, row) => at(row) + 1_000),
    requestClass: new Uint16Array(rowsPerBatch),
    outcome: new Uint8Array(rowsPerBatch),
  };
}

async function takenIn(
  metrics: MetricsProcess,
  bytes: number,
): Promise<{ seconds: number; processorS: number }> {
  const file = new SavedRun(join(metrics.runs, campaign)).samplesFile(scope.trial, scope.attempt);
  const size = (): number => (existsSync(file) ? statSync(file).size : 0);
  await metrics.start();
  const already = size();
  const { pid } = metrics;
  const [fromUs, fromS] = [monotonicUs(), await processorTimeS(pid, 'itself')];
  while (size() < bytes) await sleep(5);
  const seconds = (monotonicUs() - fromUs) / 1e6;
  const processorS = (await processorTimeS(pid, 'itself')) - fromS;
  const share = (bytes - already) / bytes;
  return { seconds: seconds / share, processorS: processorS / share };
}
