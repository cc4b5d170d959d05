import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metadata, status } from '@grpc/grpc-js';
import { catalogue, type ErrorCode } from '../errors/catalogue.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import { fromStatus, toStatus } from './grpc-errors.ts';

test('every error of the catalogue is the same on the other side', () => {
  for (const code of Object.keys(catalogue) as ErrorCode[]) {
    const sent = new OrdealError(code, `about ${code}`, { remedy: 'Tu was – sofort.' });
    const { code: number, details, metadata } = toStatus(sent);
    assert.equal(status[number], catalogue[code].status);
    const received = fromStatus(Object.assign(new Error(details), { code: number, details, metadata }));
    assert.deepEqual([received.code, received.message, received.remedy], [code, sent.message, sent.remedy]);
  }
});

test('an error that is none of ours is a defect', () => {
  assert.equal(toStatus(new TypeError('x is undefined')).code, status.INTERNAL);
  assert.equal(fromStatus(new TypeError('x is undefined')).code, 'INTERNAL');
});

test('a server that is not there is not running', () => {
  const error = { code: status.UNAVAILABLE, details: 'ECONNREFUSED', metadata: new Metadata() };
  assert.equal(fromStatus(Object.assign(new Error('14 UNAVAILABLE'), error)).code, 'NOT_RUNNING');
});
