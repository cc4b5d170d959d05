import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { outcomes } from '../../events/sample-columns.ts';
import { provenanceOf } from './digest.ts';

test('the digest is that of the lines as text, whatever the numbers', () => {
  const number = fc.oneof(
    fc.maxSafeInteger(),
    fc.nat(),
    fc.double({ noNaN: true }),
    fc.constantFrom(0, 9, 10, 99_999, 2 ** 53),
  );
  const row = fc.record({
    host: fc.nat(1),
    numbers: fc.tuple(number, number, number),
    requestClass: fc.nat(1),
    outcome: fc.nat(outcomes.length - 1),
  });
  const hosts = ['host-1', 'östlich'];
  const classes = ['get', 'ü'.repeat(40_000)];
  fc.assert(
    fc.property(fc.array(row), (made) => {
      const text = made.map(({ host, numbers, requestClass, outcome }) =>
        [hosts[host], ...numbers, classes[requestClass], `${outcomes[outcome]}\n`].join('\t'),
      );
      const found = provenanceOf({
        origins: hosts.map((host) => ({ host })),
        origin: Uint16Array.from(made, ({ host }) => host),
        intendedUs: Float64Array.from(made, ({ numbers: [intended] }) => intended),
        sentUs: Float64Array.from(made, ({ numbers: [, sent] }) => sent),
        answeredUs: Float64Array.from(made, ({ numbers: [, , answered] }) => answered),
        classes,
        requestClass: Uint16Array.from(made, ({ requestClass }) => requestClass),
        outcome: Uint8Array.from(made, ({ outcome }) => outcome),
      });
      const sha256 = createHash('sha256').update(text.join('')).digest('hex');
      assert.deepEqual(found, { rows: made.length, sha256 });
    }),
    { numRuns: 300 },
  );
});
