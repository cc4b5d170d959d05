/** Of bytes in hex that are more than eight the first four, and how many they are. */
export function inShort(words: string): string {
  return words.replace(
    /\b(?:[0-9a-f]{2}){9,}\b/g,
    (digits) => `${digits.slice(0, 8)}… (${digits.length / 2} bytes)`,
  );
}
