/**
 * Whether a line that names a component (`<host>` or `<host>/<kind>/<name>`) may be about a fault of these targets. It is not where it names another
 * host, or another thing of the same kind on that host; a whole host and what is on it, or a container and a disk of one host, may be the same trouble.
 */
export function mayBeAbout(names: string, targets: readonly string[]): boolean {
  const [host, kind, name] = partsOf(names);
  return targets.some((target) => {
    const [targetHost, targetKind, targetName] = partsOf(target);
    if (host !== targetHost) return false;
    return kind === undefined || kind !== targetKind || name === targetName;
  });
}

/** A name may have slashes of its own. */
function partsOf(path: string): [host: string, kind: string | undefined, name: string] {
  const [host = '', kind, ...name] = path.split('/');
  return [host, kind, name.join('/')];
}
