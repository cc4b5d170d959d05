import { OrdealError } from '../../errors/ordeal-error.ts';
import { parseYamlText } from '../yaml-text.ts';

/** A YAML file with some of its keys gone, and `lines` in the place of one; all else stays as it was written, byte for byte. */
export function replaceKeys(
  text: string,
  {
    at,
    gone,
    lines,
  }: { readonly at: string; readonly gone: readonly string[]; readonly lines: readonly string[] },
): string {
  const located = parseYamlText(text, 'campaign file');
  if ('problems' in located) throw new OrdealError('INTERNAL', 'a campaign file that was read is no YAML');
  const keys = Object.keys(located.value as object).map((key) => ({
    key,
    ...located.place([key], { key: true }),
  }));
  if (keys.some(({ column }) => column !== 1))
    throw new OrdealError('INVALID_INPUT', 'the base file has its keys within braces, or indented', {
      remedy: 'Write each key of the file at the beginning of a line of its own.',
    });
  const old = text.replace(/^\uFEFF/, '').split('\n');
  const blocks = keys
    .toSorted((one, other) => one.line - other.line)
    .map(({ key, line }, index, all) => ({ key, from: line - 1, to: endOf(old, all[index + 1]?.line) }));
  const kept = blocks.toReversed().reduce((current, { key, from, to }) => {
    if (key === at) return current.toSpliced(from, to - from, ...lines);
    return gone.includes(key) ? current.toSpliced(from, to - from) : current;
  }, old);
  return kept.join('\n');
}

/** Before the blank lines and the comments that stand before the next key, or at the end of the file. */
function endOf(lines: readonly string[], next: number | undefined): number {
  let end = next === undefined ? lines.length : next - 1;
  while (/^(#.*|\s*)$/.test(lines[end - 1] ?? 'none')) end -= 1;
  return end;
}
