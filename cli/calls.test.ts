import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import { credentials } from '@grpc/grpc-js';
import type { ProtoGrpcType } from '../proto/generated/control.ts';
import { loadProto } from '../service/proto.ts';
import { asking, hostsAnswerWithinMs } from './calls.ts';

test('what takes connections and answers none is given up on long before what waits for hosts would be', async (t) => {
  const taken: Socket[] = [];
  const silent = createServer((socket) => taken.push(socket));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { ControlService } = loadProto<ProtoGrpcType>('ordeal/v1/control.proto').ordeal.v1;
  const { port } = silent.address() as AddressInfo;
  const client = new ControlService(`127.0.0.1:${port}`, credentials.createSsl());
  t.after(() => {
    client.close();
    for (const socket of taken) socket.destroy();
    silent.close();
  });
  const stop = asking(client, ControlService.service.StopInjection, hostsAnswerWithinMs);
  await assert.rejects(stop({ id: 'i-1' }), {
    code: 'NOT_RUNNING',
    message: /no connection was made within/,
  });
});
