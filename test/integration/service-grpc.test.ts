import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { credentials, Metadata, status, type Client, type ServiceError } from '@grpc/grpc-js';
import pino from 'pino';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { MetricsServiceHandlers } from '../../proto/generated/ordeal/v1/MetricsService.ts';
import type { ProtoGrpcType } from '../../proto/generated/metrics.ts';
import { ensureAuthority, issueCertificate, type Role } from '../../service/certificates.ts';
import { clientCredentials, peerOf, requireRole, tlsFiles, type Peer } from '../../service/credentials.ts';
import { fromStatus, toStatus } from '../../service/grpc-errors.ts';
import { startGrpcServer, type GrpcServer } from '../../service/grpc-server.ts';
import { loadProto } from '../../service/proto.ts';

const { MetricsService } = loadProto<ProtoGrpcType>('ordeal/v1/metrics.proto').ordeal.v1;
const health = loadProto<{ grpc: { health: { v1: { Health: typeof MetricsService } } } }>(
  'grpc/health/v1/health.proto',
).grpc.health.v1.Health;

describe('the gRPC server', () => {
  let directory: string;
  let server: GrpcServer;
  let seen: Peer | undefined;
  const clients: Client[] = [];
  const calls = new EventEmitter();

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ordeal-grpc-'));
    await ensureAuthority(directory);
    for (const role of ['metrics', 'agent', 'operator'] as const) {
      await issueCertificate(directory, { name: `a-${role}`, role, addresses: ['127.0.0.2'] });
    }
    server = await start(['127.0.0.1:0', '127.0.0.2:0']);
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  after(async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  });

  const handlers: MetricsServiceHandlers = {
    ListRuns: (call, answer) => {
      try {
        seen = peerOf(call);
        requireRole(call, 'operator', 'controller');
        answer(null, { runs: [{ campaign: 'c1', startedWallUs: 1_700_000_000_000_000 }] });
      } catch (error) {
        answer(toStatus(error));
      }
    },
    GetMeasures: (call) => {
      call.write({ data: Buffer.from('first') });
      call.emit('error', toStatus(new OrdealError('DAMAGED_RUN', 'the run is cut off')));
    },
    GetReport: () => calls.emit('report'),
    ExportRun: () => undefined,
  };

  async function start(addresses: readonly string[]): Promise<GrpcServer> {
    return await startGrpcServer({
      addresses,
      tls: tlsFiles(directory, 'a-metrics'),
      log: pino({ level: 'silent' }),
      register: (grpc) => grpc.addService(MetricsService.service, handlers),
    });
  }

  function clientOf(role: Role, address = server.addresses[0] ?? '') {
    const client = new MetricsService(
      address,
      clientCredentials(tlsFiles(directory, `a-${role}`), 'metrics'),
    );
    clients.push(client);
    return client;
  }

  async function listRuns(client: ReturnType<typeof clientOf>) {
    return await new Promise<{ runs: { campaign: string; startedWallUs: number }[] }>((resolve, reject) => {
      client.listRuns({}, { deadline: Date.now() + 5_000 }, (error, answer) => {
        if (error !== null) reject(error);
        else if (answer !== undefined) resolve(answer);
      });
    });
  }

  test('a handler learns who asks from the certificate, on every address', async () => {
    assert.equal(server.addresses.length, 2);
    for (const address of server.addresses) {
      seen = undefined;
      const { runs } = await listRuns(clientOf('operator', address));
      assert.deepEqual(seen, { name: 'a-operator', role: 'operator' });
      assert.equal(runs[0]?.campaign, 'c1');
      assert.equal(runs[0].startedWallUs, 1_700_000_000_000_000);
    }
  });

  test('another role is refused with the roles that may', async () => {
    const error = fromStatus(await failure(listRuns(clientOf('agent'))));
    assert.equal(error.code, 'NOT_ALLOWED');
    assert.equal(error.message, '"a-agent" has the role agent; this is for operator and controller only');
  });

  test('an error in the middle of a stream keeps its code', async () => {
    const stream = clientOf('operator').getMeasures({ campaign: 'c1' });
    const got: string[] = [];
    const error = await failure(
      (async () => {
        for await (const chunk of stream as AsyncIterable<{ data: Buffer }>) got.push(chunk.data.toString());
      })(),
    );
    assert.deepEqual(got, ['first']);
    assert.deepEqual(
      [fromStatus(error).code, fromStatus(error).message],
      ['DAMAGED_RUN', 'the run is cut off'],
    );
  });

  test('a client without a certificate, of another authority, or without TLS gets nowhere', async () => {
    const other = join(directory, 'other');
    await ensureAuthority(other);
    await issueCertificate(other, { name: 'a-operator', role: 'operator', addresses: [] });
    const stranger = clientCredentials(tlsFiles(other, 'a-operator'), 'metrics');
    for (const given of [stranger, credentials.createInsecure()]) {
      const client = new MetricsService(server.addresses[0] ?? '', given);
      clients.push(client);
      seen = undefined;
      assert.equal(fromStatus(await failure(listRuns(client))).code, 'NOT_RUNNING');
      assert.equal(seen, undefined);
    }
  });

  test('a taken port is named', async () => {
    await assert.rejects(start([server.addresses[0] ?? '']), {
      code: 'PORT_TAKEN',
      message: `${server.addresses[0]} is taken by another process`,
    });
    await assert.rejects(start(['nonsense']), { code: 'INVALID_INPUT' });
    await assert.rejects(start(['192.0.2.1:0']), { code: 'INVALID_INPUT' });
  });

  test('the standard health service tells of the server and of each service, and watches', async () => {
    const client = new health(
      server.addresses[0] ?? '',
      clientCredentials(tlsFiles(directory, 'a-agent'), 'metrics'),
    );
    clients.push(client);
    const asked = client as unknown as {
      check(request: object, answer: (error: ServiceError | null, reply?: { status: string }) => void): void;
      watch(request: object): AsyncIterable<{ status: string }> & { cancel(): void };
    };
    const check = async (service: string): Promise<string | undefined> =>
      await new Promise((resolve, reject) => {
        asked.check({ service }, (error, reply) => (error === null ? resolve(reply?.status) : reject(error)));
      });
    assert.equal(await check(''), 'SERVING');
    assert.equal(await check('ordeal.v1.MetricsService'), 'SERVING');
    assert.equal((await failure(check('ordeal.v1.Nothing'))).code, status.NOT_FOUND);
    const watch = asked.watch({ service: '' });
    const changes: string[] = [];
    for await (const { status: now } of watch) {
      changes.push(now);
      if (changes.length === 3) break;
      server.setServing(changes.length === 2);
    }
    assert.deepEqual(changes, ['SERVING', 'NOT_SERVING', 'SERVING']);
  });

  test('it stops although a call is never answered, and twice is once', async () => {
    const stopping = await start(['127.0.0.1:0']);
    const asked = once(calls, 'report');
    const stream = clientOf('operator', stopping.addresses[0]).getReport({ campaign: 'c1' });
    const ended = new Promise<ServiceError>((resolve) => stream.on('error', resolve));
    await asked;
    await Promise.all([stopping.stop(), stopping.stop()]);
    assert.ok((await ended) instanceof Error);
  });
});

test('metadata of another make does not confuse the reading of an error', () => {
  const metadata = new Metadata();
  metadata.set('ordeal-code', 'SOMETHING_NEWER');
  const error = Object.assign(new Error('x'), { code: status.ABORTED, details: 'newer', metadata });
  assert.deepEqual([fromStatus(error).code, fromStatus(error).message], ['ABORTED', 'newer']);
});

async function failure(promise: Promise<unknown>): Promise<ServiceError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error as ServiceError;
    throw error;
  }
  assert.fail('it has to fail');
}
