import { z } from 'zod';
import { campaignSchema } from './schema.ts';
import { nearest } from '../errors/nearest.ts';
import type { Path } from './yaml-text.ts';

/** What is wrong at a path of the file; `atKey` where it is the key itself. */
export interface Issue {
  readonly path: Path;
  readonly message: string;
  readonly atKey?: boolean;
  /** So many characters into the text that stands there. */
  readonly within?: number;
}

/** Of the unknown keys of one mapping, so many are told. */
const mostKeys = 200;

/** Longer values are told by their beginning. */
const longestShown = 60;

/** What zod found in the whole file, in words. */
export function issuesOf(
  found: readonly z.core.$ZodIssue[],
  input: unknown,
  under: Path = [],
  schema: z.ZodType = campaignSchema,
): Issue[] {
  return found.flatMap((issue) => explain(issue, input, under, schema));
}

/** `faultload[2].intensity.share` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = /^[\w-]+$/.test(String(part)) ? String(part) : JSON.stringify(String(part));
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

function explain(issue: z.core.$ZodIssue, input: unknown, under: Path, schema: z.ZodType): Issue[] {
  const path = [...under, ...issue.path];
  const value = valueAt(input, issue.path);
  if (issue.code === 'unrecognized_keys') {
    const allowed = keysAllowed(schema, issue.path, input);
    return issue.keys.slice(0, mostKeys).map((key) => ({
      path: [...path, key],
      message: unknownKey(key, allowed),
      atKey: true,
    }));
  }
  if (issue.code === 'invalid_union') {
    // The alternative that it was meant to be is the one that did not fail as a whole.
    const meant = issue.errors.find(
      (alternative) =>
        alternative.length > 0 &&
        alternative.every((one) => one.path.length > 0 || one.code === 'unrecognized_keys'),
    );
    if (meant !== undefined)
      return issuesOf(
        meant.map((one) => ({ ...one, path: [...issue.path, ...one.path] })),
        input,
        under,
        schema,
      );
  }
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
    const known = schemasAt(schema, issue.path).map((one) => String(one.const));
    return [
      {
        path,
        message: `${value === undefined ? 'is missing' : `is ${shown(value)}`}; it must be ${known.join(' or ')}`,
      },
    ];
  }
  if (value === undefined && issue.code !== 'custom') {
    return [{ path, message: `is missing; ${sentence(issue)}` }];
  }
  if (issue.code === 'invalid_key')
    return [
      { path, message: `is not allowed as a key: ${issue.issues.map(sentence).join('; ')}`, atKey: true },
    ];
  if (value === null) return [{ path, message: `is empty; it ${sentence(issue)}` }];
  const isNested = typeof value === 'object';
  return [{ path, message: isNested ? sentence(issue) : `is ${shown(value)}; it ${sentence(issue)}` }];
}

/** The schemas' own sentences begin with "must" or say as much; zod's do not. */
function sentence(issue: z.core.$ZodIssue): string {
  if (!/^(Invalid|Too|Unrecognized)\b/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'string'
        ? 'must be a text; a duration, a share or a rate has its unit ("5s", "10%", "250/s")'
        : `must be ${kindName(issue.expected)}`;
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`;
    case 'too_small':
      return `must be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function kindName(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    object: 'a mapping',
    record: 'a mapping',
    array: 'a list',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  };
  return names[expected] ?? `a ${expected}`;
}

function unknownKey(key: string, allowed: readonly string[]): string {
  const near = nearest(key, allowed);
  const meant = near === undefined ? '' : `; did you mean "${near}"?`;
  const list = allowed.length === 0 ? 'none is allowed here' : `allowed: ${allowed.join(', ')}`;
  return `unknown key "${key.slice(0, longestShown)}"${meant} (${list})`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    return (value as Readonly<Record<PropertyKey, unknown>>)[part];
  }, input);
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly const?: unknown;
}

/** The keys that the schema knows at a path; where it has alternatives, those of the ones that the given values fit. */
function keysAllowed(schema: z.ZodType, path: Path, input: unknown): string[] {
  const here = schemasAt(schema, path);
  const given = valueAt(input, path);
  const fits = ({ properties = {} }: JsonSchema): boolean =>
    Object.entries(properties).every(
      ([key, { const: only }]) => only === undefined || valueAt(given, [key]) === only,
    );
  const fitting = here.length > 1 ? here.filter(fits) : here;
  return [...new Set(fitting.flatMap((one) => Object.keys(one.properties ?? {})))];
}

const asJson = new WeakMap<z.ZodType, JsonSchema>();

function schemasAt(schema: z.ZodType, path: Path): JsonSchema[] {
  const json = asJson.get(schema) ?? (z.toJSONSchema(schema, { io: 'input' }) as JsonSchema);
  asJson.set(schema, json);
  const inside = (one: JsonSchema, part: PropertyKey): JsonSchema | undefined =>
    typeof part === 'number' ? one.items : one.properties?.[String(part)];
  return path.reduce(
    (here, part) => here.flatMap((one) => alternatives(inside(one, part))),
    alternatives(json),
  );
}

function alternatives(schema: JsonSchema | undefined): JsonSchema[] {
  if (schema === undefined) return [];
  const several = schema.anyOf ?? schema.oneOf;
  return several === undefined ? [schema] : several.flatMap(alternatives);
}
