import { parseDocument } from 'yaml';
import { OrdealError } from '../errors/ordeal-error.ts';

/** Reads `--with`, as the `intensity` of a campaign file is written, into JSON; JSON is YAML, too. */
export function parametersOption(text: string): string {
  const document = parseDocument(text, { prettyErrors: false, stringKeys: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw wrong(text, problem.message);
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(text, 'these are no keys with values');
  }
  return JSON.stringify(value);
}

function wrong(text: string, why: string): OrdealError {
  return new OrdealError(
    'INVALID_INPUT',
    `--with is ${JSON.stringify(text)}: ${why}; it has to be a mapping, in YAML or JSON, such as '{ delay: 300ms, jitter: 20ms }'`,
    {
      remedy:
        "`ordeal faults <mechanism>` tells a mechanism's parameters, with their units, ranges and defaults.",
    },
  );
}
