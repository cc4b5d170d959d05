import { open } from 'node:fs/promises';
import { systemCode } from '../../errors/system-code.ts';

/** Enough for a kernel's last words with their call trace. */
const tailBytes = 16 * 1024;

/** The last lines that came on a machine's console, without what only moves a cursor. */
export async function consoleTail(path: string, lines: number): Promise<string> {
  const text = readable(await lastBytes(path));
  return text.split('\n').slice(-lines).join('\n');
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
