import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { monotonicUs } from '../../clock/monotonic.ts';
import { isKind, type Event } from '../../events/event.ts';
import type { Task } from '../../proto/generated/ordeal/v1/Task.ts';
import type { WatchWork } from '../../proto/generated/ordeal/v1/WatchWork.ts';
import { AgentSetting } from './agent-setting.ts';

const watchTask = (work: WatchWork): Task => ({
  id: 'watch-1',
  campaign: 'test',
  trial: 't001',
  attempt: 1,
  watch: { name: 'service', withinUs: 60_000_000, ...work },
});
const closeTask: Task = { id: 'close-1', campaign: 'test', trial: 't001', attempt: 1, close: {} };

const linesOf = (events: readonly Event[]): Event<'watch.line'>[] =>
  events.filter((event): event is Event<'watch.line'> => isKind(event, 'watch.line'));
const isLine =
  (text: string) =>
  (event: Event): boolean =>
    isKind(event, 'watch.line') && event.body.text.endsWith(text);

describe('an agent that watches', () => {
  async function logFile(context: TestContext): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'ordeal-watch-'));
    context.after(async () => await rm(directory, { recursive: true }));
    const path = join(directory, 'service.log');
    await writeFile(path, 'before the watch\n');
    return path;
  }

  test('says the lines of a log over its rotation, dated by their stamps, in the scope of the attempt', async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller } = setting;
    const file = await logFile(context);
    setting.start();
    controller.want(watchTask({ log: { file } }));
    await controller.status('watch-1', 'ACTIVE');
    const wallMs = Date.now() - 30_000;
    const writtenUs = monotonicUs();
    await appendFile(file, `${new Date(wallMs).toISOString()} one\n`);
    await setting.eventsUntil(isLine('one'));
    const heardUs = monotonicUs();
    await rename(file, `${file}.1`);
    await appendFile(`${file}.1`, 'two\n');
    await setting.eventsUntil(isLine('two'));
    await writeFile(file, 'three\n');
    await setting.eventsUntil(isLine('three'));
    controller.want({ ...watchTask({ log: { file } }), end: true }, closeTask);
    await controller.status('close-1', 'ENDED');
    const events = await setting.eventsUntil((event) => isKind(event, 'producer.closed'));

    const ended = events.find((event): event is Event<'watch.ended'> => isKind(event, 'watch.ended'));
    assert.deepEqual(ended?.body, { kind: 'watch.ended', watch: 'service', lines: 3, dropped: 0 });
    const [one, two, ...more] = linesOf(events);
    assert.equal(more.length, 1);
    for (const { campaign, trial, attempt } of linesOf(events)) {
      assert.deepEqual([campaign, trial, attempt], ['test', 't001', 1]);
    }
    assert.ok(one?.body.stamped === true && two?.body.stamped === false);
    // Both clocks of the envelope say what the stamp says.
    assert.ok(Math.abs(one.wallUs - wallMs * 1000) <= 20_000, `${one.wallUs - wallMs * 1000} us`);
    assert.ok(writtenUs <= one.body.readUs && one.body.readUs <= heardUs);
    assert.ok(one.body.readUs - one.monoUs >= 29_980_000);
    assert.ok(heardUs - one.monoUs >= 29_980_000 && writtenUs - one.monoUs <= 30_020_000);
    assert.equal(two.monoUs, two.body.readUs);
  });

  test('ends a watch that nobody ends when its time is over', async (context) => {
    const setting = await AgentSetting.make(context);
    setting.start();
    setting.controller.want({ ...watchTask({ log: { file: '/nowhere.log' }, withinUs: 500_000 }) });
    await setting.controller.status('watch-1', 'ENDED');
    const events = await setting.eventsUntil((event) => isKind(event, 'watch.ended'));
    assert.equal(events.filter((event) => isKind(event, 'watch.started')).length, 1);
  });

  test('says of a watch that fails that it failed, and does not fail itself', async (context) => {
    const setting = await AgentSetting.make(context);
    setting.start();
    setting.controller.want(watchTask({ log: { file: '/proc' } }));
    const { errorCode } = await setting.controller.status('watch-1', 'FAILED');
    assert.equal(errorCode, 'INVALID_INPUT');
    const events = await setting.eventsUntil((event) => isKind(event, 'watch.ended'));
    const ended = events.at(-1);
    assert.ok(ended !== undefined && isKind(ended, 'watch.ended'));
    assert.match(ended.body.failed ?? '', /it is not a file/);
  });

  test("dates a line of the kernel's log by the monotonic clock, and leaves its own out", async (context) => {
    const setting = await AgentSetting.make(context);
    const { controller } = setting;
    setting.start();
    controller.want(watchTask({ kernel: {} }));
    await controller.status('watch-1', 'ACTIVE');
    const probe = `a probe of a test (${process.pid})`;
    const beforeUs = monotonicUs();
    await writeFile('/dev/kmsg', `<7>${probe}\n`);
    const afterUs = monotonicUs();
    const events = await setting.eventsUntil(isLine(probe));
    const line = linesOf(events).at(-1);
    assert.ok(line?.body.stamped === true);
    const { resolutionUs } = line.body;
    assert.ok(line.monoUs >= beforeUs - resolutionUs && line.monoUs <= afterUs + resolutionUs);
    assert.deepEqual(
      linesOf(events).filter(({ body }) => body.text.startsWith('ordeal')),
      [],
    );
  });
});
