import { parse } from 'yaml';

/** A value of a campaign file in one line, as people write it. */
export function yamlLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(yamlLine).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, one]) => `${yamlLine(key)}: ${yamlLine(one)}`);
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  }
  if (typeof value !== 'string') return String(value);
  const isPlain =
    /^[a-zA-Z0-9/][\w./%+ -]*$/.test(value) && value.trimEnd() === value && parse(value) === value;
  // JSON is YAML.
  return isPlain ? value : JSON.stringify(value);
}
