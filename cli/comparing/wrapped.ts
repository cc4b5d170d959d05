import { columnsOf } from '../watching/segment.ts';

/** A text in lines of so many columns, broken between words; all but the first are indented. */
export function wrapped(text: string, columns: number, indent: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [index, word] of text.split(' ').entries()) {
    const longer = index === 0 ? word : `${line} ${word}`;
    if (index > 0 && columnsOf(longer) > columns && line.trim() !== '') {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    } else line = longer;
  }
  return [...lines, line];
}
