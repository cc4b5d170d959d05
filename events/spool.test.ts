import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ledger } from './ledger.ts';
import type { SpoolRecord } from './record.ts';
import { segmentPath } from './segment.ts';
import { Spool } from './spool.ts';

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const scope = { campaign: 'c', trial: 't', attempt: 1 };

let directory: string;
let ledger: Ledger;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ordeal-spool-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function open(): Promise<Spool> {
  ledger = new Ledger();
  return await Spool.open({
    directory,
    log: silent,
    replay: (header) => {
      if (header.kind === 'stand') ledger.restore(header.stand);
      else ledger.said(header.identity, header.kind === 'message' && header.closes, 1);
    },
    lost: () => ledger.lost(),
    first: () => ({ header: { kind: 'stand', stand: ledger.stand(1) }, data: Buffer.alloc(0) }),
  });
}

function say(spool: Spool, seq: number, size = 10): void {
  const identity = { producer: 'p', incarnation: '0000000a', seq, ...scope };
  ledger.said(identity, false, 1);
  spool.append({
    header: { kind: 'message', identity, subject: 's', closes: false },
    data: Buffer.alloc(size, seq),
  });
}

/** Reads and passes so many messages, and answers their seqs. */
async function publish(spool: Spool, count: number): Promise<number[]> {
  const seqs: number[] = [];
  while (seqs.length < count) {
    const found = await spool.read(spool.position);
    if (found === undefined) break;
    if (found.record.header.kind === 'message') seqs.push(seqOf(found.record));
    spool.advance(found.next, found.record.header.kind === 'message' ? 1 : 0);
  }
  return seqs;
}

function seqOf({ header, data }: SpoolRecord): number {
  assert.equal(header.kind, 'message');
  const { seq } = header.identity;
  assert.ok(data.every((byte) => byte === seq % 256));
  return seq;
}

test('what was not passed comes again with the next start, and nothing else', async () => {
  const first = await open();
  for (const seq of [0, 1, 2, 3]) say(first, seq);
  assert.deepEqual(await publish(first, 2), [0, 1]);
  assert.equal(first.pending, 2);
  await first.close();
  const second = await open();
  assert.equal(second.pending, 2);
  assert.deepEqual(await publish(second, 9), [2, 3]);
  assert.equal(second.pending, 0);
  await second.close();
});

test('over many segments the order holds, and what was passed is removed', async () => {
  const spool = await open();
  const size = 1024 * 1024;
  for (let seq = 0; seq < 40; seq += 1) say(spool, seq, size);
  assert.equal((await readdir(directory)).filter((name) => name.endsWith('.spool')).length, 3);
  assert.ok(spool.bytes > 40 * size);
  assert.deepEqual(
    await publish(spool, 40),
    Array.from({ length: 40 }, (_, seq) => seq),
  );
  await spool.close();
  assert.equal((await readdir(directory)).filter((name) => name.endsWith('.spool')).length, 1);
  const next = await open();
  assert.equal(next.pending, 0);
  assert.deepEqual(ledger.incarnations(scope), [{ incarnation: '0000000a', lastSeq: 39 }]);
  await next.close();
});

test('a cursor that cannot be read has all sent again', async () => {
  const first = await open();
  for (const seq of [0, 1]) say(first, seq);
  await publish(first, 1);
  await first.close();
  await writeFile(join(directory, 'cursor.json'), '{"segment":');
  const second = await open();
  assert.deepEqual(await publish(second, 9), [0, 1]);
  await second.close();
});

test('a newest segment that lost its beginning with the power does not lose who spoke, nor that something is missing', async () => {
  const first = await open();
  for (const seq of [0, 1]) say(first, seq);
  await first.close();
  await writeFile(segmentPath(directory, 2), Buffer.alloc(4096));
  const second = await open();
  assert.deepEqual(ledger.incarnations(scope), [{ incarnation: '0000000a', lastSeq: 2 }]);
  assert.deepEqual(await publish(second, 9), [0, 1]);
  await second.close();
});

test('who waits for something is woken by it, or by the signal', async () => {
  const spool = await open();
  await publish(spool, 1);
  const appended = spool.something(spool.position, new AbortController().signal);
  say(spool, 0);
  await appended;
  await publish(spool, 1);
  const abort = new AbortController();
  const aborted = spool.something(spool.position, abort.signal);
  abort.abort();
  await aborted;
  await spool.close();
});

test('a spool is of one process; the next may have it as soon as that has closed it', async () => {
  const spool = await open();
  await assert.rejects(open(), { code: 'ALREADY_EXISTS' });
  await spool.close();
  await (await open()).close();
});

test('an acknowledgement after the end changes nothing', async () => {
  const spool = await open();
  say(spool, 0);
  const found = await spool.read(spool.position);
  assert.ok(found);
  await spool.close();
  spool.advance(found.next, 1);
  await sleep(300);
  const next = await open();
  assert.equal(next.pending, 1);
  await next.close();
});
