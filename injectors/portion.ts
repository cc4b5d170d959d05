import { parseByteSize } from './byte-size.ts';

/** Whether a text is a part of a whole, as people give it: a size ("16MiB"), or a share from "0%" to "99%". */
export function isPortion(text: string): boolean {
  return Number.isSafeInteger(parseByteSize(text)) || isShare(text);
}

/** Of a whole of so many bytes. */
export function bytesOf(portion: string, wholeBytes: number): number {
  return parseByteSize(portion) ?? Math.ceil((Number(portion.slice(0, -1)) / 100) * wholeBytes);
}

function isShare(text: string): boolean {
  return /^\d{1,2}(\.\d+)?%$/.test(text) && Number(text.slice(0, -1)) <= 99;
}
