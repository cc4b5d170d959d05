import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatTable, parseTable, withFault, type Fault } from './table.ts';

const slow: Fault = (below, offset) => ({ kind: 'delay', words: `${below} ${offset} 100` });
/** A volume of LVM on two disks. */
const volume = '0 1000 linear 8:0 2048\n1000 500 linear 8:16 4096';

test('a table is written as it was read', () => {
  assert.equal(formatTable(parseTable(`${volume}\n`)), volume);
  assert.equal(formatTable(parseTable('0 8 error')), '0 8 error');
});

test('all of a device, segment by segment, on the devices below', () => {
  assert.equal(
    formatTable(withFault(parseTable(volume), undefined, slow)),
    '0 1000 delay 8:0 2048 100\n1000 500 delay 8:16 4096 100',
  );
});

test('a range in one segment leaves what is before and after it', () => {
  assert.equal(
    formatTable(withFault(parseTable(volume), { first: 10, last: 10 }, slow)),
    '0 10 linear 8:0 2048\n10 1 delay 8:0 2058 100\n11 989 linear 8:0 2059\n1000 500 linear 8:16 4096',
  );
});

test('a range over a border is cut there', () => {
  assert.equal(
    formatTable(withFault(parseTable(volume), { first: 990, last: 1499 }, slow)),
    '0 990 linear 8:0 2048\n990 10 delay 8:0 3038 100\n1000 500 delay 8:16 4096 100',
  );
});

test('whatever the range, each sector stays where it was below, and only those of the range are touched', () => {
  const placeOf = (table: ReturnType<typeof parseTable>, sector: number): string => {
    const [segment, ...more] = table.filter(
      ({ start, length }) => start <= sector && sector < start + length,
    );
    assert.ok(segment);
    assert.equal(more.length, 0);
    const [below = '', offset] = segment.words.split(' ');
    return `${segment.kind} ${below} ${Number(offset) + sector - segment.start}`;
  };
  const sector = fc.integer({ min: 0, max: 1499 });
  fc.assert(
    fc.property(sector, sector, sector, (one, other, at) => {
      const [first, last] = [Math.min(one, other), Math.max(one, other)];
      const table = withFault(parseTable(volume), { first, last }, slow);
      const before = placeOf(parseTable(volume), at);
      const expected = first <= at && at <= last ? before.replace('linear', 'delay') : before;
      assert.equal(placeOf(table, at), expected);
    }),
  );
});

for (const [claim, table, sectors, message] of [
  ['a crypt', '0 8 crypt aes-xts-plain64 0123 0 8:0 0', undefined, /a segment of the kind crypt/],
  ['a fault', '0 8 delay 8:0 0 100', undefined, /a segment of the kind delay/],
  ['no table', '', undefined, /is empty/],
  ['a range beyond the end', volume, { first: 0, last: 1500 }, /sector 1500 is beyond the end.*1500 sectors/],
] as const) {
  test(`${claim} is refused`, () => {
    assert.throws(() => withFault(parseTable(table), sectors, slow), message);
  });
}
