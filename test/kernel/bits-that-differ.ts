/** In two contents of the same length. */
export function bitsThatDiffer(a: Buffer, b: Buffer): number {
  return positionsThatDiffer(a, b).reduce((sum, at) => sum + ones((a[at] ?? 0) ^ (b[at] ?? 0)), 0);
}

/** The bytes, by their position. */
export function positionsThatDiffer(a: Buffer, b: Buffer): number[] {
  return [...a.keys()].filter((at) => a[at] !== b[at]);
}

function ones(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length;
}
