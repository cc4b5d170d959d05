/** One thing that was looked at on this host. */
export interface Finding {
  readonly about: string;
  /** Good; limited: Ordeal works, with less; missing: an agent cannot do its work here. */
  readonly state: 'good' | 'limited' | 'missing';
  readonly found: string;
  /** What follows from it and what to do; absent where all is well. */
  readonly remedy?: string;
}

export function good(about: string, found: string): Finding {
  return { about, state: 'good', found };
}

export function limited(about: string, found: string, remedy: string): Finding {
  return { about, state: 'limited', found, remedy };
}

export function missing(about: string, found: string, remedy: string): Finding {
  return { about, state: 'missing', found, remedy };
}
