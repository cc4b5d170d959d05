import { WrongExpression } from './wrong-expression.ts';

export interface Token {
  readonly is: 'word' | 'text' | 'number' | 'sign' | 'end';
  /** Of a text, what is between its quotes. */
  readonly text: string;
  /** Where it begins, from 0. */
  readonly at: number;
}

const pattern =
  /\s+|(?<word>[A-Za-z]\w*)|(?<text>"[^"]*"|'[^']*')|(?<number>\d+(\.\d+)?(e-?\d+)?%?)|(?<sign>==|!=|<=|>=|[<>(),])/y;

/** The words of an expression, and an end. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < source.length) {
    const at = pattern.lastIndex;
    const { groups } = pattern.exec(source) ?? unknownAt(source, at);
    const { word, text, number, sign } = groups ?? {};
    if (word !== undefined) tokens.push({ is: 'word', text: word, at });
    else if (text !== undefined) tokens.push({ is: 'text', text: text.slice(1, -1), at });
    else if (number !== undefined) tokens.push({ is: 'number', text: number, at });
    else if (sign !== undefined) tokens.push({ is: 'sign', text: sign, at });
  }
  return [...tokens, { is: 'end', text: '', at: source.length }];
}

function unknownAt(source: string, at: number): never {
  const found = source[at] ?? '';
  if (found === '"' || found === "'")
    throw new WrongExpression(at, `a text begins with ${found} and does not end`);
  const meant =
    {
      '=': '; did you mean ==?',
      '&': '; did you mean and?',
      '|': '; did you mean or?',
      '!': '; did you mean not, or !=?',
    }[found] ?? '';
  throw new WrongExpression(at, `${found} means nothing here${meant}`);
}
