/** An instant that is right to within an error. */
export interface Bounded {
  readonly atUs: number;
  readonly errorUs: number;
}

/** How long around an end of a gap frames are looked at to know how steady they come. */
const aroundUs = 1_000_000;

/**
 * The longest gap in the frames of one port: its first frame that is missing, and the first that came again. Nobody saw the instant itself, which is
 * somewhere between a frame that came and the one that would have come next: as far from it, at the most, as two frames were around then.
 */
export function longestGap(stampsUs: readonly number[]): { from: Bounded; to: Bounded } {
  const gaps = stampsUs.slice(1).map((atUs, index) => atUs - (stampsUs[index] ?? atUs));
  const at = gaps.indexOf(Math.max(...gaps));
  const [last, next] = [stampsUs[at], stampsUs[at + 1]];
  if (last === undefined || next === undefined) throw new RangeError('one frame has no gap');
  const before = longest(stampsUs.filter((us) => us <= last && us > last - aroundUs));
  const after = longest(stampsUs.filter((us) => us >= next && us < next + aroundUs));
  return {
    from: { atUs: last + before / 2, errorUs: before / 2 },
    to: { atUs: next - after / 2, errorUs: after / 2 },
  };
}

/** How far apart two instants are, whichever was first. */
export function apart(one: Bounded, other: Bounded): Bounded {
  return { atUs: Math.abs(one.atUs - other.atUs), errorUs: one.errorUs + other.errorUs };
}

function longest(stampsUs: readonly number[]): number {
  const [, ...later] = stampsUs;
  if (later.length === 0) throw new RangeError('one frame alone does not tell how steady they come');
  return Math.max(...later.map((us, index) => us - (stampsUs[index] ?? us)));
}
