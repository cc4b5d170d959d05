import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventSchema, idOf, isKind, type Event, type Identity } from './event.ts';
import { decodeEvent, encodeEvent } from './event-codec.ts';

const event: Event = {
  producer: 'node-1',
  incarnation: '0123abcd',
  seq: 3,
  campaign: 'c1',
  trial: 't1',
  attempt: 1,
  host: 'node-1',
  wallUs: 1_700_000_000_000_000,
  monoUs: 5_000_000,
  body: { kind: 'host.checked', residue: [] },
};

const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,8}$/);
const identity: fc.Arbitrary<Identity> = fc.record(
  {
    producer: name,
    incarnation: fc.stringMatching(/^[0-9a-f]{8}$/),
    seq: fc.nat(),
    campaign: name,
    trial: name,
    attempt: fc.integer({ min: 1, max: 9 }),
  },
  { requiredKeys: ['producer', 'incarnation', 'seq'] },
);

test('two identities have the same id only where they are the same', () => {
  fc.assert(
    fc.property(identity, identity, fc.boolean(), (one, two, same) => {
      const other = same ? { ...one } : two;
      const parts = ({ campaign, trial, attempt, producer, incarnation, seq }: Identity): unknown[] => [
        campaign,
        trial,
        attempt,
        producer,
        incarnation,
        seq,
      ];
      const areSame = JSON.stringify(parts(one)) === JSON.stringify(parts(other));
      assert.equal(idOf(one) === idOf(other), areSame);
    }),
  );
});

test('an event is what it was after its way', () => {
  assert.deepEqual(decodeEvent(encodeEvent(event)), event);
});

test('a large event is packed and is what it was after its way', () => {
  const plan = Array.from({ length: 20_000 }, (_, trial) => ({ trial: `t${trial}`, target: 'node-1/eth0' }));
  const body = { kind: 'campaign.started' as const, name: 'n', file: 'f', plan, provenance: {} };
  const large = { ...event, body };
  const data = encodeEvent(large);
  assert.ok(data.length < 200_000);
  assert.deepEqual(decodeEvent(data), large);
});

test('a kind, field or name that is not known is refused', () => {
  const refused: unknown[] = [
    { ...event, body: { kind: 'host.exploded' } },
    { ...event, body: { kind: 'host.checked', residue: [], more: 1 } },
    { ...event, extra: 1 },
    { ...event, host: 'Node 1' },
    { ...event, campaign: '../c1' },
    { ...event, incarnation: '0123' },
    { ...event, seq: -1 },
    { ...event, attempt: 0 },
    { ...event, monoUs: 0.5 },
    { ...event, wallUs: undefined },
  ];
  for (const one of refused) {
    assert.equal(eventSchema.safeParse(one).success, false, JSON.stringify(one));
  }
});

test('an instant of a body may lie before the start of its clock', () => {
  const body = { kind: 'clock.read' as const, of: 'node-1', offsetUs: -17, errorUs: 4 };
  assert.deepEqual(decodeEvent(encodeEvent({ ...event, body })).body, body);
});

test('a kind is told from another', () => {
  assert.equal(isKind(event, 'host.checked'), true);
  assert.equal(isKind(event, 'producer.closed'), false);
});
