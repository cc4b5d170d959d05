import { nearest } from '../../errors/nearest.ts';
import { facts, type FactName, type Facts, type Type } from './facts.ts';
import { calls } from './calls.ts';
import { compared } from './comparisons.ts';
import { demand, type Term } from './term.ts';
import { tokensOf, type Token } from './tokens.ts';
import { WrongExpression } from './wrong-expression.ts';

const deepest = 50;

/** Reads one expression that is true or false, or several of any kind with commas between them. Throws WrongExpression. */
class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  /** What it asks of a trial. */
  readonly asked = new Set<FactName>();

  constructor(source: string) {
    this.#tokens = tokensOf(source);
  }

  truth(): Term {
    const term = this.#either();
    this.#end('"and", "or" or the end');
    return demand(term, 'truth');
  }

  terms(): Term[] {
    const terms = [this.#either()];
    while (this.#takes(',')) terms.push(this.#either());
    this.#end('"," or the end');
    return terms;
  }

  #either(): Term {
    return this.#joined('or', () => this.#both(), true);
  }

  #both(): Term {
    return this.#joined('and', () => this.#negated(), false);
  }

  /** One that is `decisive` decides, also beside what is not known. */
  #joined(word: 'and' | 'or', read: () => Term, decisive: boolean): Term {
    const first = read();
    const all = [first];
    while (this.#takes(word)) all.push(read());
    if (all.length === 1) return first;
    const parts = all.map((term) => demand(term, 'truth'));
    return {
      type: 'truth',
      at: first.at,
      valueOf: (of) => {
        const found = parts.map((part) => part.valueOf(of));
        if (found.includes(decisive)) return decisive;
        return found.includes(undefined) ? undefined : !decisive;
      },
    };
  }

  #negated(): Term {
    const { at } = this.#token;
    if (!this.#takes('not')) return this.#comparison();
    const term = demand(
      this.#deeper(() => this.#negated()),
      'truth',
    );
    return {
      type: 'truth',
      at,
      valueOf: (of) => {
        const found = term.valueOf(of);
        return found === undefined ? undefined : found !== true;
      },
    };
  }

  #comparison(): Term {
    const left = this.#primary();
    const { is, text: sign, at } = this.#token;
    if (is !== 'sign' || !/^([!=<>]=|[<>])$/.test(sign)) return left;
    this.#next += 1;
    return compared(left, { sign, at }, this.#primary());
  }

  #primary(): Term {
    const token = this.#token;
    const { is, text, at } = token;
    this.#next += 1;
    if (is === 'text') return { type: 'text', at, literal: text, valueOf: () => text };
    if (is === 'number') {
      const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
      return { type: 'number', at, valueOf: () => value };
    }
    if (is === 'sign' && text === '(') {
      const inner = this.#deeper(() => this.#either());
      this.#expect(')');
      return inner;
    }
    if (is === 'word' && !['and', 'or', 'not'].includes(text)) return this.#named(token);
    throw new WrongExpression(at, `${shown(token)} is no value; ${valuesThere}`);
  }

  #named({ text, at }: Token): Term {
    const call = calls.get(text);
    if (call !== undefined) {
      this.#expect('(');
      const given = [this.#deeper(() => this.#either())];
      while (this.#takes(',')) given.push(this.#deeper(() => this.#either()));
      this.#expect(')');
      return call(given, at);
    }
    if (!isFact(text)) {
      const known = [...Object.keys(facts), ...calls.keys()];
      const near = nearest(text, known);
      const meant = near === undefined ? '' : `; did you mean ${near}?`;
      throw new WrongExpression(at, `there is no ${text}${meant} (there are: ${known.join(', ')})`);
    }
    this.asked.add(text);
    const fact: { readonly type: Type; readonly oneOf?: readonly string[] } = facts[text];
    const { type, oneOf } = fact;
    return { type, at, ...(oneOf === undefined ? {} : { oneOf }), valueOf: (of) => of[text] };
  }

  get #token(): Token {
    const token = this.#tokens[this.#next] ?? this.#tokens.at(-1);
    if (token === undefined) throw new WrongExpression(0, 'is empty');
    return token;
  }

  #takes(text: string): boolean {
    const token = this.#token;
    const isIt = token.text === text && (token.is === 'sign' || token.is === 'word');
    if (isIt) this.#next += 1;
    return isIt;
  }

  #expect(sign: string): void {
    const token = this.#token;
    if (!this.#takes(sign))
      throw new WrongExpression(token.at, `${shown(token)} stands where ${sign} has to be`);
  }

  #end(allowed: string): void {
    const token = this.#token;
    if (token.is === 'end') return;
    throw new WrongExpression(token.at, `${shown(token)} follows; ${allowed} has to`);
  }

  #deeper(read: () => Term): Term {
    this.#depth += 1;
    if (this.#depth > deepest)
      throw new WrongExpression(this.#token.at, `is nested too deeply; ${deepest} levels at most`);
    const term = read();
    this.#depth -= 1;
    return term;
  }
}

const valuesThere = 'a value is a name, a call such as has(cells, "*.delay"), a text in quotes or a number';

/** An expression, and what it asks of a trial. */
interface Read<Answer> {
  readonly asked: ReadonlySet<FactName>;
  /** Undefined where it is not known. */
  readonly answer: (of: Facts) => Answer | undefined;
}

/** Whether a trial is meant. */
export function readCondition(source: string): Read<boolean> {
  const reader = new Reader(source);
  const term = reader.truth();
  return {
    asked: reader.asked,
    answer: (of) => {
      const found = term.valueOf(of);
      return found === undefined ? undefined : found === true;
    },
  };
}

/** What equivalent trials have the same of. */
export function readKey(source: string): Read<string> {
  const reader = new Reader(source);
  const terms = reader.terms();
  return {
    asked: reader.asked,
    answer: (of) => {
      const values = terms.map((term) => term.valueOf(of));
      return values.includes(undefined) ? undefined : JSON.stringify(values);
    },
  };
}

function isFact(text: string): text is FactName {
  return Object.hasOwn(facts, text);
}

function shown({ is, text }: Token): string {
  return is === 'end' ? 'the end' : `"${text}"`;
}
