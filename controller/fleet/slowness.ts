/** The first look of an agent at its host, on a server that has other things to do as well; an emulated host takes ten times as long. */
const usualLookUs = 1_000_000;
/** However slow a host says that it is, a wait for it comes to its end. */
export const mostSlowness = 20;

/** How many times the usual the waits for a host are, by how long its agent took for its first look; no host is waited for less than usual. */
export function slownessOf(lookUs: number): number {
  return Math.min(Math.max(1, lookUs / usualLookUs), mostSlowness);
}
