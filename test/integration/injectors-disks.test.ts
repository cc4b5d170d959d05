import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { run } from '../../command/run.ts';
import { disksBehind } from '../../injectors/storage/disks-behind.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root: it makes a loop device and mounts';

/** A filesystem in a file, with an overlay in it, of which one layer has a name that needs escapes. */
async function overlayInFile(context: TestContext): Promise<{ at: string; loop: string; file: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'ordtest-disks-'));
  const undo: (() => Promise<unknown>)[] = [async () => await rm(directory, { recursive: true })];
  context.after(async () => {
    for (const step of undo.toReversed()) await step();
  });
  const [file, mounted] = [join(directory, 'file'), join(directory, 'mounted')];
  await run('truncate', ['--size=8M', file]);
  await run('mkfs.ext4', ['-q', file]);
  const loop = (await run('losetup', ['--find', '--show', file])).trim();
  undo.push(async () => await run('losetup', ['--detach', loop]));
  await mkdir(mounted);
  await run('mount', [loop, mounted]);
  undo.push(async () => await run('umount', [mounted]));
  for (const name of ['a, b', 'c', 'upper', 'work', 'at']) await mkdir(join(mounted, name));
  const layers = `lowerdir=${mounted}/a\\, b:${mounted}/c,upperdir=${mounted}/upper,workdir=${mounted}/work`;
  const at = join(mounted, 'at');
  await run('mount', ['-t', 'overlay', '-o', layers, 'overlay', at]);
  undo.push(async () => await run('umount', [at]));
  return { at, loop: basename(loop), file };
}

describe('the disks behind a path', { skip }, () => {
  test('are followed through an overlay, a loop device and the file of that, down to the disk', async (context) => {
    const { at, loop, file } = await overlayInFile(context);
    const below = await disksBehind(file);
    assert.deepEqual([...(await disksBehind(at))].sort(), [loop, ...below].sort());
  });

  test('are none for what is in memory', async () => {
    assert.deepEqual([...(await disksBehind('/dev/shm'))], []);
  });
});
