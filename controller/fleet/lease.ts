/**
 * For how long after a beat a fault may start. Six missed beats (they come every half second): a host that is cut off starts nothing that was
 * ordered stopped more than this ago, and one hiccup of a busy machine does not cancel a trial. It is also what `connected` means.
 */
export const leaseUs = 3_000_000;
