import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { natsAccounts } from './rights.ts';

test("the example for an operator's own NATS is what `ordeal up` would give to the same hosts", () => {
  const example = readFileSync(new URL('../deploy/nats/ordeal-accounts.conf', import.meta.url), 'utf8');
  const withoutComments = example.replaceAll(/^#.*\n/gm, '');
  assert.equal(withoutComments, natsAccounts(['tester', 'node-1']));
});

for (const host of ['controller', 'metrics', 'a.b', '*', '>', 'a"b', '']) {
  test(`a host cannot be called ${JSON.stringify(host)}`, () => {
    assert.throws(() => natsAccounts([host]), { code: 'INVALID_INPUT' });
  });
}
