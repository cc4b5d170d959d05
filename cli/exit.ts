import { catalogue } from '../errors/catalogue.ts';
import { OrdealError } from '../errors/ordeal-error.ts';

/** What a pipeline may rely on. */
export const exitCodes = { met: 0, notMet: 1, wrongUse: 2, notCompleted: 3 } as const;

/** Says an error to people (or to a program, as JSON on standard error) and answers the exit code it ends the command with. */
export function failure(unknown: unknown, json: boolean): number {
  const error = OrdealError.from(unknown);
  const { code, message, remedy } = error;
  process.stderr.write(
    json ? `${JSON.stringify({ error: { code, message, remedy } })}\n` : `ordeal: ${errorText(error)}\n`,
  );
  if (process.env.ORDEAL_LOG === 'debug' && error.stack !== undefined)
    process.stderr.write(`${error.stack}\n`);
  return catalogue[code].exit;
}

/** What was wrong and what to do about it; to correct what is named as wrong goes without saying. */
export function errorText({ code, message, remedy, advice }: OrdealError): string {
  const says = code === 'INVALID_INPUT' ? advice : remedy;
  return says === undefined ? message : `${message}\n  -> ${says}`;
}
