import { open, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Writes a file so that after a crash at any instant there is either all of it or none; on disk when this resolves. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.new`);
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

/** A file's name is in its directory, which is a file of its own: without this a new name can be lost with the power. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
