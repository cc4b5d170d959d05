/** What may not be known. */
export type Maybe = boolean | 'unknown';

/** One that is false decides; else one that is unknown. */
export function every(...parts: readonly Maybe[]): Maybe {
  if (parts.includes(false)) return false;
  return parts.includes('unknown') ? 'unknown' : true;
}

/** One that is true decides; else one that is unknown. */
export function some(...parts: readonly Maybe[]): Maybe {
  if (parts.includes(true)) return true;
  return parts.includes('unknown') ? 'unknown' : false;
}

export function not(one: Maybe): Maybe {
  return one === 'unknown' ? one : !one;
}
