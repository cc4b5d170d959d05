import type { FileKind } from './examine.ts';
import type { Problem } from './problem.ts';

/** A thousand faults fit; what is larger is no campaign file, and is not to occupy a controller. */
const largestBytes = 256 * 1024;

/** The text of a file, or why it has none. */
export function textOf(
  content: string | Uint8Array,
  kind: FileKind,
): { readonly text: string } | { readonly problem: Problem } {
  const bytes = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
  if (bytes > largestBytes)
    return refusal(`has ${bytes} bytes; a ${kind} has 256 KiB (${largestBytes} bytes) at most`);
  const text = typeof content === 'string' ? content.replace(/^\uFEFF/, '') : decode(content);
  if (text !== undefined) return { text };
  const offset = typeof content === 'string' ? 0 : firstWrongByte(content);
  return refusal(`is not UTF-8: the byte at offset ${offset} begins no character; save the file as UTF-8`);
}

function decode(bytes: Uint8Array, whole = true): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole });
  } catch {
    return undefined;
  }
}

/** The longest beginning that can still become UTF-8 ends where the first wrong sequence is seen to be wrong. */
function firstWrongByte(bytes: Uint8Array): number {
  let [good, wrong] = [0, bytes.length + 1];
  while (wrong - good > 1) {
    const middle = Math.floor((good + wrong) / 2);
    if (middle <= bytes.length && decode(bytes.subarray(0, middle), false) !== undefined) good = middle;
    else wrong = middle;
  }
  let start = good;
  while (start > 0 && decode(bytes.subarray(0, start)) === undefined) start -= 1;
  return start;
}

function refusal(message: string): { readonly problem: Problem } {
  return { problem: { line: 1, column: 1, path: '', message } };
}
