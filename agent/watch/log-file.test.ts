import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { run } from '../../command/run.ts';
import { Heard } from './heard.example.ts';
import { LogFile } from './log-file.ts';

describe('a log file', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ordeal-log-'));
    path = join(directory, 'service.log');
  });
  afterEach(async () => await rm(directory, { recursive: true }));

  test('is read from the start of the watch on, from the first line that begins after it', async () => {
    await writeFile(path, 'old\nbegun bef');
    const { lines } = await Heard.during(new LogFile(path), async (heard) => {
      await appendFile(path, 'ore\nnew\n');
      await heard.untilLine('new');
    });
    assert.deepEqual(lines, ['new']);
  });

  test('that is not there yet is read from its beginning when it is', async () => {
    const { lines } = await Heard.during(new LogFile(path), async (heard) => {
      await writeFile(path, 'first\n');
      await heard.untilLine('first');
    });
    assert.deepEqual(lines, ['first']);
  });

  test('that is rotated goes on in the new file, and in the old one for who still writes there', async () => {
    await writeFile(path, '');
    const { lines } = await Heard.during(new LogFile(path), async (heard) => {
      await appendFile(path, 'one\n');
      await rename(path, `${path}.1`);
      await appendFile(`${path}.1`, 'two\n');
      await heard.untilLine('two');
      await writeFile(path, 'three\n');
      await heard.untilLine('three');
      await appendFile(`${path}.1`, 'four\n');
      await heard.untilLine('four');
      await appendFile(path, 'five\n');
      await heard.untilLine('five');
    });
    assert.deepEqual(lines, ['one', 'two', 'three', 'four', 'five']);
  });

  test('that is moved away and back is not read twice', async () => {
    await writeFile(path, '');
    const { lines } = await Heard.during(new LogFile(path), async (heard) => {
      await appendFile(path, 'one\n');
      await heard.untilLine('one');
      await rename(path, `${path}.1`);
      await writeFile(path, 'other\n');
      await heard.untilLine('other');
      await rename(`${path}.1`, path);
      await appendFile(path, 'two\n');
      await heard.untilLine('two');
    });
    assert.deepEqual(lines, ['one', 'other', 'two']);
  });

  test('that is cut off is read from its beginning', async () => {
    await writeFile(path, 'something long that was there before\n');
    const { lines } = await Heard.during(new LogFile(path), async (heard) => {
      await appendFile(path, 'one\n');
      await heard.untilLine('one');
      await truncate(path, 0);
      await appendFile(path, 'two\n');
      await heard.untilLine('two');
    });
    assert.deepEqual(lines, ['one', 'two']);
  });

  test('is told line by line, however it is written, and to its last byte', async () => {
    await writeFile(path, '');
    const { lines } = await Heard.during(new LogFile(path), async (heard) => {
      await appendFile(path, 'one\nhal');
      await heard.untilLine('one');
      await appendFile(path, 'f\nno end');
      await heard.untilLine('half');
    });
    assert.deepEqual(lines, ['one', 'half', 'no end']);
  });

  test('that was written a moment before the end is heard', async () => {
    await writeFile(path, '');
    const { lines } = await Heard.during(new LogFile(path), async () => await appendFile(path, 'last\n'));
    assert.deepEqual(lines, ['last']);
  });

  test('that is no file cannot be watched', async () => {
    await assert.rejects(new LogFile(directory).follow(new Heard(), new AbortController().signal), {
      code: 'INVALID_INPUT',
      message: `${directory} cannot be watched: it is not a file`,
    });
  });

  test('that is a pipe cannot be watched, and nobody waits for its writer', async () => {
    await run('mkfifo', [path]);
    await assert.rejects(new LogFile(path).follow(new Heard(), new AbortController().signal), {
      message: `${path} cannot be watched: it is not a file`,
    });
  });

  for (const made of ['/proc/self/status', '/sys/kernel/uevent_seqnum']) {
    test(`that the kernel makes when it is read, as ${made}, is not taken for one that stays silent`, async () => {
      const following = new LogFile(made).follow(new Heard(), AbortSignal.timeout(2_000));
      await assert.rejects(following, {
        code: 'INVALID_INPUT',
        message: /the kernel makes it when it is read/,
      });
    });
  }
});
