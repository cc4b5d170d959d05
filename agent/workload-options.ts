import { z } from 'zod';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Driver } from '../workload/driver.ts';

/** The options of a load driver, from the JSON that they travel as. */
export function readOptions(driver: Driver, text: string): unknown {
  let given: unknown;
  try {
    given = JSON.parse(text === '' ? '{}' : text);
  } catch (error) {
    throw new OrdealError('INVALID_INPUT', `the options of the load driver "${driver.name}" are no JSON`, {
      cause: error,
    });
  }
  const parsed = driver.options.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = z.prettifyError(parsed.error);
  throw new OrdealError(
    'INVALID_INPUT',
    `the options of the load driver "${driver.name}" are wrong: ${wrong}`,
  );
}
