/** Which class each request is of: by weight, from the seed alone. */
export function chooseClasses(weights: readonly number[], requests: number, seed: number): Uint16Array {
  const chosen = new Uint16Array(requests);
  if (weights.length < 2) return chosen;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const next = uniform(seed);
  for (let request = 0; request < requests; request += 1) {
    let left = next() * total;
    const at = weights.findIndex((weight) => (left -= weight) < 0);
    chosen[request] = at === -1 ? weights.length - 1 : at;
  }
  return chosen;
}

/** Numbers in [0, 1): the SplitMix32 generator. */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 2 ** 32;
  };
}
