import { monotonicUs } from '../../clock/monotonic.ts';

/** A timer of the event loop may come this much late; the rest of the wait is spent in turns of the loop, which also take in answers. */
const coarseUs = 2_000;

/** Calls `due` at an instant of the monotonic clock, as near as the event loop can, and never before it. Answers how to call it off. */
export function at(instantUs: number, due: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate;
  const wait = (): void => {
    const leftUs = instantUs - monotonicUs();
    if (leftUs <= 0) due();
    else if (leftUs > coarseUs) timer = setTimeout(wait, Math.floor((leftUs - coarseUs) / 1000) + 1);
    else turn = setImmediate(wait);
  };
  // At least one turn, even when it is late already, so that sends that follow close upon each other never keep the answers out.
  turn = setImmediate(wait);
  return () => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
}
