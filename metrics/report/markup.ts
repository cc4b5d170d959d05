/** Text that is markup already. Made by the tag `markup` alone, so that nothing gets into a page unescaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Piece = string | number | Markup | undefined | readonly Piece[];

/** A template of markup: whatever is put into it is escaped, unless it was made by this tag itself; undefined is nothing. */
export function markup(texts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  const parts = texts.map((text, at) => text + (at < pieces.length ? escaped(pieces[at]) : ''));
  return new Markup(parts.join(''));
}

function escaped(piece: Piece): string {
  if (piece === undefined) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'object') return piece.map(escaped).join('');
  return String(piece).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
