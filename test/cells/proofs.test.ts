import assert from 'node:assert/strict';
import { test } from 'node:test';
import { descriptorOf, serviceOf } from '../../injectors/catalogue.ts';
import { nameOf } from './proof.ts';
import { proofs } from './proofs.ts';
import { rows } from './rows.ts';

for (const proof of proofs)
  test(`${nameOf(proof)} is of a row of the fault model, by a mechanism that is meant for it`, () => {
    const { cell, on, mechanism } = proof;
    assert.ok(rows.some((row) => row.cell === cell && row.on === on));
    const descriptor = descriptorOf(mechanism);
    const service = descriptor && serviceOf(descriptor, cell);
    assert.ok(service);
    assert.equal(service.substituteBecause, undefined);
    const kinds = on === 'host' ? ['host', 'nic', 'disk'] : [on];
    assert.ok(service.targets.some((kind) => kinds.includes(kind)));
  });

test('no two proofs have the same name, under which their results are kept', () => {
  assert.equal(new Set(proofs.map(nameOf)).size, proofs.length);
});
