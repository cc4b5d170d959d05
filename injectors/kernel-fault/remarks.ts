import type { FaultStatus } from './status.ts';

/** Of the lines of a status that have these names, what each says in words, for people; a line that is empty or 0 says nothing. */
export function remarksOf(
  { lines }: Pick<FaultStatus, 'lines'>,
  words: Readonly<Record<string, (value: string) => string>>,
): string | undefined {
  const remarks = Object.entries(words).flatMap(([name, tell]) => {
    const value = lines[name] ?? '';
    return ['', '0'].includes(value) ? [] : [tell(value)];
  });
  return remarks.length === 0 ? undefined : remarks.join('; ');
}
