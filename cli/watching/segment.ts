/** A piece of a line, and what it means; without colours the words and signs alone say it. */
export interface Segment {
  readonly text: string;
  readonly colour?: Colour;
}

const codes = {
  pass: '32',
  fail: '31',
  unknown: '33',
  fault: '33',
  notice: '36',
  faint: '2',
  strong: '1',
} as const;

export type Colour = keyof typeof codes;

export type Line = readonly (Segment | string)[];

export interface Surface {
  readonly columns: number;
  readonly colours: boolean;
}

/** One row at the most: what is wider than the terminal is cut, so that it can be drawn over. */
export function rendered(line: Line, { columns, colours }: Surface): string {
  let room = columns;
  return line
    .map((piece) => {
      const { text, colour } = typeof piece === 'string' ? { text: piece, colour: undefined } : piece;
      const shown = fitting(printable(text), room);
      room -= columnsOf(shown);
      if (shown === '' || colour === undefined || !colours) return shown;
      return `\x1b[${codes[colour]}m${shown}\x1b[0m`;
    })
    .join('');
}

/** How wide a terminal shows a text; most scripts of East Asia and pictures take two columns a character. */
export function columnsOf(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + widthOf(character), 0);
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f000}-\u{1faff}]/u;

function widthOf(character: string): number {
  return wide.test(character) ? 2 : 1;
}

function fitting(text: string, room: number): string {
  if (columnsOf(text) <= room) return text;
  let shown = '';
  let used = 1;
  for (const character of text) {
    used += widthOf(character);
    if (used > room) break;
    shown += character;
  }
  return room < 1 ? '' : `${shown}…`;
}

/** A log's line may hold what a terminal would obey. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
