/** A number of each thing, in rising order. Filled by a loop: `Float64Array.from` takes ten times as long. */
export function sortedBy<Thing>(things: readonly Thing[], of: (thing: Thing) => number): Float64Array {
  const numbers = new Float64Array(things.length);
  for (const [index, thing] of things.entries()) numbers[index] = of(thing);
  return numbers.sort();
}
