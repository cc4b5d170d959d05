import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKind } from '../../events/event.ts';
import { missingOf } from './completeness.ts';
import { load, madeAttempt, second } from './made-attempt.example.ts';

const { events, batches } = madeAttempt({ made: load(100 * second, 166 * second, 10) });

test('nothing is missing where every producer has closed and every seq has come', () => {
  assert.deepEqual(missingOf(events, batches), []);
});

test('a batch of samples that has not come is missing of its producer', () => {
  assert.deepEqual(missingOf(events, batches.slice(1)), [
    { producer: 'tester', closed: true, messages: 1, unannounced: 0 },
  ]);
});

test('each event that has not come is missing of its producer', () => {
  const without = events.filter(
    (event) => !isKind(event, 'injection.active') && !isKind(event, 'host.checked'),
  );
  assert.deepEqual(missingOf(without, batches), [
    { producer: 'host-1', closed: true, messages: 2, unannounced: 0 },
  ]);
});

test('a producer that has not closed is missing, whatever else came of it', () => {
  const open = events.filter((event) => !isKind(event, 'producer.closed') || event.producer !== 'tester');
  assert.deepEqual(missingOf(open, batches), [
    { producer: 'tester', closed: false, messages: 0, unannounced: 0 },
  ]);
});

test('an incarnation that ended without closing counts by what a later one announces of it', () => {
  const closedLater = events.map((event) =>
    isKind(event, 'producer.closed') && event.producer === 'host-1'
      ? {
          ...event,
          body: {
            ...event.body,
            incarnations: [...event.body.incarnations, { incarnation: 'ffffffff', lastSeq: 2 }],
          },
        }
      : event,
  );
  assert.deepEqual(missingOf(closedLater, batches), [
    { producer: 'host-1', closed: true, messages: 3, unannounced: 0 },
  ]);
});

test('where nothing says whom to expect, the controller is missing', () => {
  assert.deepEqual(missingOf([], []), [
    { producer: 'controller', closed: false, messages: 0, unannounced: 0 },
  ]);
});

test('what the metrics service itself says of the attempt is no part of it', () => {
  const said = madeAttempt({ made: [] })
    .events.slice(0, 1)
    .map((event) => ({ ...event, producer: 'metrics', seq: 9 }));
  assert.deepEqual(missingOf([...events, ...said], batches), []);
});

/** The same attempt, where one more message of host-1 came. */
function withOneMore(change: { readonly seq?: number; readonly incarnation?: string }) {
  const said = events.filter(({ producer }) => producer === 'host-1').slice(0, 1);
  return [...events, ...said.map((event) => ({ ...event, ...change }))];
}
const oneMore = [{ producer: 'host-1', closed: true, messages: 0, unannounced: 1 }];

test('what an incarnation said that the last word does not announce shows that the last word is not the last', () => {
  assert.deepEqual(missingOf(withOneMore({ incarnation: 'ffffffff' }), batches), oneMore);
});

test('a message above the last one that was announced shows the same', () => {
  assert.deepEqual(missingOf(withOneMore({ seq: 99 }), batches), oneMore);
});

test('a message that came twice is there once', () => {
  assert.deepEqual(missingOf(withOneMore({}), batches), []);
});
