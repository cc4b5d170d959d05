import { createHash } from 'node:crypto';

/**
 * A stream of numbers from 0 up to 1, excluded, that depends on nothing but the seed and the purpose: two choices of one trial
 * do not follow each other, and the same choice of the same trial is always the same. (The generator is sfc32, of the public domain.)
 */
export function seeded(seed: number, purpose: string): () => number {
  const digest = createHash('sha256').update(`${seed}:${purpose}`).digest();
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let counter = 1;
  return () => {
    const next = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + next) | 0;
    return (next >>> 0) / 2 ** 32;
  };
}

/** So many different whole numbers below `below`, every choice of them as likely as any other; in rising order. */
export function choose(count: number, below: number, random: () => number): number[] {
  const numbers = Array.from({ length: below }, (_, index) => index);
  for (let place = 0; place < count; place += 1) {
    const other = place + Math.floor(random() * (below - place));
    [numbers[place], numbers[other]] = [numbers[other] ?? other, numbers[place] ?? place];
  }
  return numbers.slice(0, count).sort((one, another) => one - another);
}
