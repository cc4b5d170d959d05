import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Output } from './output.ts';

function answered(context: TestContext, data: unknown): unknown {
  const written: string[] = [];
  const write = context.mock.method(process.stdout, 'write', (text: string) => written.push(text) > 0);
  new Output({ json: true }).answer(data, () => '');
  write.mock.restore();
  return JSON.parse(written.join(''));
}

test('an answer in JSON has none of the marks of the gRPC library', (context) => {
  const effects = { count: 3, _count: 'count', dose: null, firstUs: 7, _firstUs: 'firstUs' };
  assert.deepEqual(answered(context, [{ id: 'i-1', effects }]), [
    { id: 'i-1', effects: { count: 3, dose: null, firstUs: 7 } },
  ]);
});

test('a key that only begins like a mark stays', (context) => {
  const labels = { _role: 'nfvi', role: 'tester' };
  assert.deepEqual(answered(context, labels), labels);
});
