import assert from 'node:assert/strict';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Client } from '@grpc/grpc-js';
import { Bus } from '../../events/bus.ts';
import { encodeSamples } from '../../events/samples.ts';
import { encodeMeasures } from '../../metrics/measures/encode.ts';
import { measureAttempt } from '../../metrics/measures/trial.ts';
import { measureSavedRun } from '../../metrics/run/measure-run.ts';
import { SavedRun } from '../../metrics/run/saved-run.ts';
import type { ProtoGrpcType } from '../../proto/generated/metrics.ts';
import type { Chunk__Output } from '../../proto/generated/ordeal/v1/Chunk.ts';
import type { ListRunsResponse__Output } from '../../proto/generated/ordeal/v1/ListRunsResponse.ts';
import type { MetricsServiceClient } from '../../proto/generated/ordeal/v1/MetricsService.ts';
import type { RunPart__Output } from '../../proto/generated/ordeal/v1/RunPart.ts';
import { issueCertificate } from '../../service/certificates.ts';
import { clientCredentials, tlsFiles } from '../../service/credentials.ts';
import { fromStatus } from '../../service/grpc-errors.ts';
import { z } from 'zod';
import { loadProto } from '../../service/proto.ts';
import { MadeCampaign, measuredOf, publishEvent, publishSamples } from './metrics-campaign.ts';
import { until } from '../until.ts';
import { MetricsProcess } from './metrics-process.ts';
import { setup, type NatsServer } from './nats-server.ts';
import { silent } from './silent.ts';

const measuredSchema = z.object({ trials: z.array(z.object({ final: z.boolean() })) });

describe('the metrics service', () => {
  let server: NatsServer;
  let bus: Bus;
  let service: MetricsProcess;
  const clients: Client[] = [];

  before(async () => {
    server = await setup();
    await issueCertificate(server.certificates, { name: 'operator', role: 'operator', addresses: [] });
    await issueCertificate(server.certificates, { name: 'agent-x', role: 'agent', addresses: [] });
    bus = await Bus.connect({ servers: server.servers, tls: server.tls, name: 'test', log: silent });
    await bus.ensureStreams();
  });
  after(async () => {
    await bus.close();
    await server.cleanup();
  });
  beforeEach(async () => {
    service = await MetricsProcess.create(server);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await service.cleanup();
  });

  const runOf = (campaign: string): SavedRun => new SavedRun(join(service.runs, campaign));

  async function nextMeasured(campaign: string, skip = 0) {
    let seen = 0;
    for await (const event of measuredOf(bus, campaign)) {
      if (seen === skip) return event.body;
      seen += 1;
    }
    throw new Error('the bus was closed');
  }

  function client(name: string): MetricsServiceClient {
    const { MetricsService } = loadProto<ProtoGrpcType>('ordeal/v1/metrics.proto').ordeal.v1;
    const made = new MetricsService(
      service.address,
      clientCredentials(tlsFiles(server.certificates, name), 'metrics'),
    );
    clients.push(made);
    return made;
  }

  /** When measures.json is there, everything is; it is written before the last samples have come, and again when they have. */
  async function written(run: SavedRun): Promise<string> {
    let text = '';
    await until('the campaign is measured', async () => {
      text = await readFile(run.measuresFile, 'utf8').catch(() => '');
      return text !== '' && measuredSchema.parse(JSON.parse(text)).trials.every(({ final }) => final);
    });
    return text;
  }

  test('a campaign that was told is measured, saved, and can be measured again with the same bytes', async () => {
    const made = new MadeCampaign('told');
    const run = runOf('told');
    await service.start();
    await made.tell(bus, join(service.directory, 'reporters'));
    assert.deepEqual(await nextMeasured('told'), {
      kind: 'trial.measured',
      final: true,
      verdict: 'fail',
      reasons: ['the unavailability is 14s; at most 6s is demanded'],
      shown: { outcome: 'recovered-by-unknown', touched: ['host-1/container/web'] },
    });
    const text = await written(run);
    const measures = await measureSavedRun(run);
    assert.equal(encodeMeasures(measures), text);
    assert.deepEqual(measures.trials[0]?.service, measureAttempt(made.attempt).service);
    assert.equal(measures.verdict, 'fail');
    assert.equal(await readFile(run.campaignFile, 'utf8'), made.file);
    assert.match(await readFile(run.planFile, 'utf8'), /"name": "made"/);
    assert.match(await readFile(run.reportFile, 'utf8'), /^<!doctype html>/i);

    const page = await (await fetch(`${service.statusUrl}/metrics`)).text();
    assert.match(
      page,
      /ordeal_trial_unavailability_seconds\{campaign="told",trial="t001",cell="[^"]+",fault="freeze"\} 14\n/,
    );
    assert.match(
      page,
      /ordeal_trial_verdict\{campaign="told",trial="t001",cell="[^"]+",fault="freeze"\} 0\n/,
    );

    // One sample that differs changes the bytes.
    const file = run.samplesFile('t001', 1);
    const bytes = await readFile(file);
    const last = bytes.length - 1;
    await rm(file);
    await appendFile(file, Buffer.concat([bytes.subarray(0, last), Buffer.from([4])]));
    assert.notEqual(encodeMeasures(await measureSavedRun(run)), text);
  });

  test('its API lists the runs and hands out measures, report and every file, to operators only', async () => {
    const made = new MadeCampaign('served');
    const run = runOf('served');
    await service.start();
    await made.tell(bus, join(service.directory, 'reporters'));
    const text = await written(run);

    const { runs } = await new Promise<ListRunsResponse__Output>((resolve, reject) => {
      client('operator').listRuns({}, (error, answer) =>
        answer === undefined ? reject(error ?? new Error('no answer')) : resolve(answer),
      );
    });
    const listed = runs.find(({ campaign }) => campaign === 'served');
    assert.deepEqual(
      [listed?.name, listed?.ended, listed?.verdict, listed?.directory],
      ['made', true, 'fail', run.directory],
    );
    assert.equal(await collect(client('operator').getMeasures({ campaign: 'served' })), text);
    const report = await collect(client('operator').getReport({ campaign: 'served' }));
    assert.equal(report, await readFile(run.reportFile, 'utf8'));

    const files = new Map<string, Buffer>();
    let current = '';
    for await (const { path, data } of client('operator').exportRun({
      campaign: 'served',
    }) as AsyncIterable<RunPart__Output>) {
      assert.ok(data.length <= 256 * 1024);
      if (path !== '') current = path;
      files.set(current, Buffer.concat([files.get(current) ?? Buffer.alloc(0), data]));
    }
    assert.deepEqual([...files.keys()].sort(), [
      'campaign.yaml',
      'events.ndjson',
      'measures.json',
      'plan.json',
      'report.html',
      'samples/t001-1.samples',
    ]);
    for (const [path, data] of files) assert.deepEqual(data, await readFile(join(run.directory, path)), path);

    for (const campaign of ['../served', 'served/samples', '', 'nobody']) {
      await assert.rejects(collect(client('operator').getMeasures({ campaign })), { code: 'NOT_FOUND' });
    }
    await assert.rejects(collect(client('agent-x').getMeasures({ campaign: 'served' })), {
      code: 'NOT_ALLOWED',
    });
  });

  test('killed in the middle of it, with torn files, it goes on: nothing is lost, nothing counted twice', async () => {
    const made = new MadeCampaign('killed');
    const run = runOf('killed');
    const { started, ended } = made.ends();
    const { events, batches } = made.attempt;
    const [firstBatch, ...otherBatches] = batches;
    assert.ok(firstBatch !== undefined);
    await service.start();
    await publishEvent(bus, started);
    for (const event of events.slice(0, 6)) await publishEvent(bus, event);
    await publishSamples(bus, firstBatch);
    await until('the first half is saved', async () => {
      const lines = await readFile(run.eventsFile, 'utf8').catch(() => '');
      const bytes = await readFile(run.samplesFile('t001', 1)).catch(() => Buffer.alloc(0));
      return lines.split('\n').length === 8 && bytes.length > 0;
    });
    await service.stop('SIGKILL');
    // As a kill in the middle of an append leaves them.
    await appendFile(run.eventsFile, JSON.stringify(events[6]).slice(0, 40));
    const [torn] = otherBatches;
    assert.ok(torn !== undefined);
    await appendFile(run.samplesFile('t001', 1), encodeSamples(torn).subarray(0, 1000));
    for (const event of events.slice(3)) await publishEvent(bus, event, '-again');
    for (const batch of batches) await publishSamples(bus, batch, '-again');
    await publishEvent(bus, ended);

    await service.start();
    await until('the trial is final', async () => {
      const text = await readFile(run.measuresFile, 'utf8').catch(() => '');
      return text.includes('"final": true');
    });
    const measures = await measureSavedRun(run);
    const expected = measureAttempt(made.attempt);
    const [measured] = measures.trials;
    assert.deepEqual(measured?.service, expected.service);
    assert.deepEqual(measured?.samples, expected.samples);
    const lines = (await readFile(run.eventsFile, 'utf8')).trimEnd().split('\n');
    const told = lines.filter((line) => !line.includes('trial.measured'));
    assert.equal(told.length, events.length + 2);
    assert.equal(new Set(told).size, told.length);
  });

  test('a run that is damaged is left as it is, and the others go on', async () => {
    const run = runOf('damaged');
    await service.start();
    const damaged = new MadeCampaign('damaged').ends();
    await publishEvent(bus, damaged.started);
    await until('it is saved', async () => (await readFile(run.eventsFile, 'utf8').catch(() => '')) !== '');
    await service.stop('SIGTERM');
    await appendFile(run.eventsFile, 'this is no event\n');
    const text = await readFile(run.eventsFile, 'utf8');
    await service.start();
    await publishEvent(bus, damaged.ended);
    const other = new MadeCampaign('healthy');
    await other.tell(bus, join(service.directory, 'reporters'));
    await written(runOf('healthy'));
    assert.equal(await readFile(run.eventsFile, 'utf8'), text);
  });

  test('a batch that stays away makes the trial unknown and names its producer; when it comes the trial is measured again', async () => {
    const made = new MadeCampaign('late');
    const { started, ended } = made.ends();
    const [late, ...batches] = made.attempt.batches;
    assert.ok(late !== undefined);
    await service.start();
    for (const event of [started, ...made.attempt.events, ended]) await publishEvent(bus, event);
    for (const batch of batches) await publishSamples(bus, batch);
    const first = await nextMeasured('late');
    assert.deepEqual([first.final, first.verdict], [false, 'unknown']);
    assert.equal(first.reasons[0], '1 message of "tester" is missing');
    await publishSamples(bus, late);
    const second = await nextMeasured('late', 1);
    assert.deepEqual([second.final, second.verdict], [true, 'fail']);
    await until('measures.json is final', async () => {
      const text = await readFile(runOf('late').measuresFile, 'utf8');
      return text.includes('"final": true');
    });
  });
});

async function collect(parts: unknown): Promise<string> {
  const data: Buffer[] = [];
  try {
    for await (const part of parts as AsyncIterable<Chunk__Output>) data.push(part.data);
  } catch (error) {
    throw error instanceof Error ? fromStatus(error) : error;
  }
  return Buffer.concat(data).toString();
}
