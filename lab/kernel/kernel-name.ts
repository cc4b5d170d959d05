/** The kernels that the lab boots: those that Debian ships now, the oldest first. */
export const kernelNames = ['5.10', '6.1', '6.12', 'newest'] as const;

export type KernelName = (typeof kernelNames)[number];
