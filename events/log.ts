type Say = (fields: object, message: string) => void;

/** What events/ needs of a logger; pino's is one. */
export interface Log {
  readonly debug: Say;
  readonly info: Say;
  readonly warn: Say;
  readonly error: Say;
}
