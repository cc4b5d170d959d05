import assert from 'node:assert/strict';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { CommandOutput } from './command-output.ts';
import { Heard } from './heard.example.ts';

describe('what a command prints', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ordeal-command-'));
    path = join(directory, 'state');
  });
  afterEach(async () => await rm(directory, { recursive: true }));
  /** All at once: a run in between prints either the old or the new. */
  const printFromNowOn = async (text: string): Promise<void> => {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  };
  const cat = (): CommandOutput => new CommandOutput(['cat', path], 20_000);

  test('is told where the run before did not print it', async () => {
    await printFromNowOn('vm1 running\nvm2 running\n');
    const { lines, losses } = await Heard.during(cat(), async (heard) => {
      await printFromNowOn('vm1 running\nvm2 shut off\n');
      await heard.untilLine('vm2 shut off');
      await printFromNowOn('vm1 running\nvm2 running\n');
      await heard.untilLine('vm2 running');
    });
    assert.deepEqual(lines, ['vm2 shut off', 'vm2 running']);
    assert.equal(losses, 0);
  });

  test('is not known while the command fails, which is counted', async () => {
    await printFromNowOn('up\n');
    const { lines } = await Heard.during(cat(), async (heard) => {
      await rm(path);
      await heard.until(() => heard.losses > 0, 'a run is lost');
      await printFromNowOn('up\ndown\n');
      await heard.untilLine('down');
    });
    assert.deepEqual(lines, ['down']);
  });

  test('cannot be watched where the command fails from the first', async () => {
    const following = new CommandOutput(['false'], 20_000).follow(new Heard(), new AbortController().signal);
    await assert.rejects(following, { code: 'COMMAND_FAILED', message: '"false" failed (exit code 1)' });
  });

  test('cannot be watched where there is no such command', async () => {
    const following = new CommandOutput(['no-such-program'], 1).follow(
      new Heard(),
      new AbortController().signal,
    );
    await assert.rejects(following, { code: 'MISSING_PROGRAM' });
  });

  test('is read though the command leaves a daemon that holds its output open', async () => {
    await printFromNowOn('up\n');
    const daemons = join(directory, 'daemons');
    const script = `setsid sleep 600 & echo $! >>${daemons}; cat ${path}`;
    const source = new CommandOutput(['sh', '-c', script], 20_000);
    try {
      await Heard.during(source, async (heard) => {
        await printFromNowOn('up\ndown\n');
        await heard.untilLine('down');
      });
    } finally {
      for (const pid of (await readFile(daemons, 'utf8')).trim().split('\n')) process.kill(Number(pid));
    }
  });

  test('does not keep the end waiting, though the command hangs', async () => {
    const ending = new AbortController();
    const following = new CommandOutput(['sleep', '600'], 1_000).follow(new Heard(), ending.signal);
    ending.abort();
    await following;
  });
});
