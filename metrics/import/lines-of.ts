import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { OrdealError } from '../../errors/ordeal-error.ts';

/** The lines of a file that are not empty, one after the other, however many; each with its number. */
export async function* linesOf(
  file: string,
  what: string,
): AsyncGenerator<{ readonly content: string; readonly line: number }> {
  const input = createReadStream(file, 'utf8');
  let line = 0;
  try {
    for await (const content of createInterface({ input, crlfDelay: Infinity })) {
      line += 1;
      if (content.trim() !== '') yield { content, line };
    }
  } catch (cause) {
    const message = `the ${what} ${file} cannot be read: ${OrdealError.from(cause).message}`;
    const remedy = 'Name a file that exists; the files that a description names are beside it.';
    throw new OrdealError('INVALID_INPUT', message, { cause, remedy });
  } finally {
    input.destroy();
  }
}
