import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OrdealError } from '../errors/ordeal-error.ts';
import { bytesPerRow, outcomes, rowsOf, type SampleColumns } from './sample-columns.ts';
import { decodeSamples, encodeSamples, type SampleBatch } from './samples.ts';

const us = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const row = fc.tuple(us, us, us, fc.nat(1), fc.nat(outcomes.length - 1));
const classes = fc.array(fc.string(), { minLength: 2, maxLength: 2 });

function columnsOf(rows: readonly (readonly number[])[]): SampleColumns {
  const column = (index: number): number[] => rows.map((cells) => cells[index] ?? 0);
  return {
    intendedUs: Float64Array.from(column(0)),
    sentUs: Float64Array.from(column(1)),
    answeredUs: Float64Array.from(column(2)),
    requestClass: Uint16Array.from(column(3)),
    outcome: Uint8Array.from(column(4)),
  };
}

const batch: fc.Arbitrary<SampleBatch> = fc
  .tuple(fc.array(row, { maxLength: 20 }), classes, fc.nat())
  .map(([rows, names, seq]): SampleBatch => ({
    header: {
      producer: 'p',
      incarnation: '0000000a',
      seq,
      campaign: 'c',
      trial: 't',
      attempt: 1,
      host: 'h',
      classes: names,
      rows: rows.length,
    },
    columns: columnsOf(rows),
  }));

test('batches end to end are read back as they were, wherever in memory they begin', () => {
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 4 }), fc.nat(9), (batches, shift) => {
      const file = Buffer.concat([Buffer.alloc(shift), ...batches.map(encodeSamples)]);
      const read: SampleBatch[] = [];
      for (let from = shift; from < file.length;) {
        const found = decodeSamples(file, from);
        read.push(found.batch);
        from = found.next;
      }
      assert.deepEqual(read, batches);
    }),
  );
});

test('the columns of a batch that begins at a multiple of 8 do so too', () => {
  fc.assert(
    fc.property(batch, (one) => {
      const columnsAt = encodeSamples(one).length - one.header.rows * bytesPerRow;
      assert.equal(columnsAt % 8, 0);
    }),
  );
});

test('a batch that was cut anywhere is an error, never a shorter batch', () => {
  fc.assert(
    fc.property(batch, fc.nat(), (one, random) => {
      const bytes = encodeSamples(one);
      const cut = bytes.subarray(0, random % bytes.length);
      assert.throws(() => decodeSamples(cut), { name: 'OrdealError', code: 'DAMAGED_RUN' });
    }),
  );
});

test('what is no batch, or of another version, says so', () => {
  const bytes = encodeSamples({
    header: { producer: 'p', incarnation: '0000000a', seq: 0, host: 'h', classes: [], rows: 0 },
    columns: columnsOf([]),
  });
  const changed = (at: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(0x7f, at);
    return copy;
  };
  assert.throws(() => decodeSamples(changed(0)), /does not begin as a batch/);
  assert.throws(() => decodeSamples(changed(4)), /version 127 is not 1/);
  assert.throws(() => decodeSamples(changed(11)), /cut off/);
  assert.throws(() => decodeSamples(changed(12)), /header is not readable/);
});

test('columns of unequal length are refused', () => {
  const columns = { ...columnsOf([[1, 2, 3, 0, 0]]), outcome: new Uint8Array(2) };
  const header = { producer: 'p', incarnation: '0000000a', seq: 0, host: 'h', classes: [], rows: 1 };
  assert.throws(() => encodeSamples({ header, columns }), OrdealError);
});

test('some rows of a batch are those rows of every column', () => {
  const columns = columnsOf([1, 2, 3, 4].map((number) => [number, 10 * number, 100 * number, number, 0]));
  const expected = columnsOf([2, 3].map((number) => [number, 10 * number, 100 * number, number, 0]));
  assert.deepEqual(rowsOf(columns, 1, 3), expected);
});
