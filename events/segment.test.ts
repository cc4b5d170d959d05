import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import fc from 'fast-check';
import { encodeRecord, type RecordHeader, type SpoolRecord } from './record.ts';
import { loadSegments, segmentPath } from './segment.ts';

let directory: string;
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ordeal-segment-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function record(seq: number, size: number): SpoolRecord {
  const identity = { producer: 'p', incarnation: '0000000a', seq };
  const header = { kind: 'message' as const, identity, subject: 's', closes: false };
  return { header, data: Buffer.alloc(size, seq) };
}

function load(): RecordHeader[] {
  const headers: RecordHeader[] = [];
  loadSegments(
    directory,
    silent,
    (header) => headers.push(header),
    () => undefined,
  );
  return headers;
}

test('a file that was cut at any byte gives the records before the cut, and only those stay in it', () => {
  const sizes = fc.array(fc.nat(200), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(sizes, fc.nat(), fc.uint8Array({ maxLength: 30 }), (lengths, random, garbage) => {
      const records = lengths.map((size, seq) => record(seq, size));
      const bytes = records.map(encodeRecord);
      const all = Buffer.concat(bytes);
      const cut = random % (all.length + 1);
      const path = segmentPath(directory, 1);
      writeFileSync(
        path,
        Buffer.concat([all.subarray(0, cut), cut === all.length ? garbage : Buffer.alloc(0)]),
      );
      let whole = 0;
      let end = 0;
      for (const { length } of bytes) {
        if (end + length > cut) break;
        end += length;
        whole += 1;
      }
      assert.deepEqual(
        load(),
        records.slice(0, whole).map(({ header }) => header),
      );
      assert.equal(statSync(path).size, end);
    }),
  );
});

test('a record with any changed byte is none', () => {
  const first = encodeRecord(record(0, 50));
  const second = encodeRecord(record(1, 50));
  const path = segmentPath(directory, 1);
  for (let at = 0; at < second.length; at += 1) {
    const changed = Buffer.from(second);
    changed.writeUInt8(changed.readUInt8(at) ^ 0x10, at);
    writeFileSync(path, Buffer.concat([first, changed]));
    assert.equal(load().length, 1, `byte ${at}`);
    assert.deepEqual(readFileSync(path), first);
  }
});

test('segments are read in the order of their numbers; one that was never finished is removed', () => {
  for (const number of [10, 9, 1_000_000_000]) {
    writeFileSync(segmentPath(directory, number), encodeRecord(record(number, 1)));
  }
  const unfinished = `${segmentPath(directory, 11)}.new`;
  writeFileSync(unfinished, 'half');
  const seqs = load().map((header) => (header.kind === 'message' ? header.identity.seq : undefined));
  assert.deepEqual(seqs, [9, 10, 1_000_000_000]);
  assert.equal(statSync(unfinished, { throwIfNoEntry: false }), undefined);
});
