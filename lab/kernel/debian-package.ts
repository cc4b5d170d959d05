/** One version of a package, by the file that apt would fetch. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
}

/**
 * Reads what `apt-get --print-uris` says: a line a file, with its address, its name and its size. The name holds the package, its version
 * (with the colon of an epoch as %3a) and its architecture.
 */
export function readUris(output: string): DebianPackage[] {
  return output.split('\n').flatMap((line) => {
    const [, name, version] = /^'[^']+' ([^_ ]+)_([^_ ]+)_[^_ ]+\.deb /.exec(line) ?? [];
    if (name === undefined || version === undefined) return [];
    return [{ name, version: decodeURIComponent(version) }];
  });
}

/** The names of what a package depends on, of the `Depends` of its record; of alternatives, each. */
export function readDepends(record: string): string[] {
  const [, depends = ''] = /^Depends: (.+)$/m.exec(record) ?? [];
  return depends.split(/[,|]/).flatMap((part) => /[a-z0-9][a-z0-9.+-]*/.exec(part)?.[0] ?? []);
}
