/** What the command line names of each of these lists; all of a list of which it names none. A name that is in none of them is refused. */
export function askedFor<Lists extends Readonly<Record<string, readonly string[]>>>(lists: Lists): Lists {
  const names = process.argv.slice(2);
  const known = Object.values(lists).flat();
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const there = Object.entries(lists).map(([what, all]) => `${what}: ${all.join(', ')}`);
    process.stderr.write(`there is no ${unknown.join(', ')}\n${there.join('\n')}\n`);
    process.exit(2);
  }
  const chosen = Object.entries(lists).map(([what, all]) => {
    const some = all.filter((name) => names.includes(name));
    return [what, some.length > 0 ? some : all] as const;
  });
  return Object.fromEntries(chosen) as Lists;
}
