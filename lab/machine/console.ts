import { open } from 'node:fs/promises';
import { systemCode } from '../../errors/system-code.ts';

/** Enough for a kernel's last words with their call trace. */
const tailBytes = 16 * 1024;

/** How a kernel begins its last words; the call trace that follows is longer than what anybody wants to see of a console. */
const beginsTheEnd = /Kernel panic - not syncing|BUG: |Oops: /;

/** The last lines that came on a machine's console, without what only moves a cursor; before them the one that says why, if a kernel said so. */
export async function consoleTail(path: string, lines: number): Promise<string> {
  const all = readable(await lastBytes(path)).split('\n');
  const tail = all.slice(-lines);
  if (tail.some((line) => beginsTheEnd.test(line))) return tail.join('\n');
  const why = all.slice(0, -lines).findLast((line) => beginsTheEnd.test(line));
  return [...(why === undefined ? [] : [why, '[...]']), ...tail].join('\n');
}

async function lastBytes(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const from = Math.max(0, size - tailBytes);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  }
}

function readable(text: string): string {
  const plain = text.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]|\u001b[()][A-Z0-9]|\u001bc/g, '');
  return plain
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n');
}
