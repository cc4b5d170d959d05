import { catalogue, type ErrorCode } from './catalogue.ts';

interface Options {
  readonly cause?: unknown;
  /** A better advice than the catalogue's, where the place that throws knows one. */
  readonly remedy?: string;
}

const generalRemedies: ReadonlySet<string> = new Set(Object.values(catalogue).map(({ remedy }) => remedy));

/** The one error of Ordeal: what was wrong in the message, which kind it is in the code, what to do in the remedy. */
export class OrdealError extends Error {
  override readonly name = 'OrdealError';
  readonly code: ErrorCode;
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, options: Options = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy ?? catalogue[code].remedy;
  }

  /** What to do about this very error; undefined where it is only what the catalogue says of all of their kind. */
  get advice(): string | undefined {
    return generalRemedies.has(this.remedy) ? undefined : this.remedy;
  }

  static from(unknown: unknown, code: ErrorCode = 'INTERNAL'): OrdealError {
    if (unknown instanceof OrdealError) return unknown;
    const message = unknown instanceof Error ? unknown.message : String(unknown);
    return new OrdealError(code, message, { cause: unknown });
  }
}
