import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { EventBody } from '../../events/event.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Ear, Source } from './source.ts';
import { watchSource } from './watcher.ts';

interface Told {
  readonly body: EventBody;
  readonly monoUs: number | undefined;
}

/** What is said of a source that says what it is given. */
async function told(say: (ear: Ear) => void): Promise<Told[]> {
  const said: Told[] = [];
  const source: Source = {
    of: 'log',
    follow: async (ear) => {
      await Promise.resolve();
      ear.ready();
      say(ear);
    },
  };
  const tell = (body: EventBody, at?: { readonly monoUs: number }): void => {
    said.push({ body, monoUs: at?.monoUs });
  };
  const { signal } = new AbortController();
  await watchSource(source, { watch: 'front', tell, onReady: () => undefined, signal }).catch(
    () => undefined,
  );
  return said;
}

test('a watch is begun, says its lines, and ends with their number', async () => {
  const said = await told((ear) => {
    ear.line(Buffer.from('one'));
    ear.line(Buffer.from('two'));
    ear.lost(3);
  });
  assert.deepEqual(
    said.map(({ body }) => body).map((body) => ('text' in body ? body.text : body)),
    [
      { kind: 'watch.started', watch: 'front', of: 'log' },
      'one',
      'two',
      { kind: 'watch.ended', watch: 'front', lines: 2, dropped: 3 },
    ],
  );
});

test('a line is dated by its own stamp, and was there when it was read', async () => {
  const beforeUs = monotonicUs();
  const stamp = new Date(Date.now() - 60_000).toISOString();
  const said = await told((ear) => ear.line(Buffer.from(`${stamp} x`)));
  const [, line] = said;
  assert.ok(line?.body.kind === 'watch.line' && line.monoUs !== undefined);
  assert.ok(line.body.stamped);
  assert.equal(line.body.resolutionUs, 1_000);
  assert.ok(line.body.readUs >= beforeUs);
  const ageUs = line.body.readUs - line.monoUs;
  assert.ok(ageUs >= 59_990_000, `${ageUs} us`);
});

test('what is not UTF-8 does not lose the rest of its line', async () => {
  const [, line] = await told((ear) => ear.line(Uint8Array.from([0x61, 0xff, 0x62])));
  assert.ok(line?.body.kind === 'watch.line');
  assert.equal(line.body.text, 'a\ufffdb');
});

test('of a flood the beginning is said, and the rest is counted', async () => {
  const said = await told((ear) => {
    for (let count = 0; count < 100_000; count += 1) ear.line(Buffer.from('x'));
  });
  const last = said.at(-1)?.body;
  assert.ok(last?.kind === 'watch.ended');
  assert.equal(last.lines + last.dropped, 100_000);
  assert.ok(last.lines >= 2_000 && last.lines <= 20_000, `${last.lines} lines`);
});

test('a source that fails is ended with its reason', async () => {
  const said = await told(() => {
    throw new OrdealError('COMMAND_FAILED', 'journalctl ended');
  });
  assert.deepEqual(said.at(-1)?.body, {
    kind: 'watch.ended',
    watch: 'front',
    lines: 0,
    dropped: 0,
    failed: 'journalctl ended',
  });
});
