import assert from 'node:assert/strict';
import { kernelNames, type KernelName } from '../../lab/kernel/kernel-name.ts';

/** The kernel of ORDEAL_TEST_KERNEL, by which `npm run test:kernels` goes through all of them. */
export function kernelUnderTest(): KernelName {
  const name = process.env.ORDEAL_TEST_KERNEL ?? '6.1';
  const kernel = kernelNames.find((known) => known === name);
  assert.ok(kernel, `ORDEAL_TEST_KERNEL is ${name}; it has to be one of ${kernelNames.join(', ')}`);
  return kernel;
}

/**
 * How many processors a machine may have on which tracepoints and hooks are turned on and off again and again. With two emulated ones, 6.12
 * and newer panic over the int3 by which they patch themselves; tracefs alone, without any module of Ordeal, brings it about in half a minute.
 * On 5.10 and 6.1 it is rare: one jumped to nowhere, or both went round in an instruction that had been patched, for ever.
 */
export function cpusWhileTracing(): number {
  return ['6.12', 'newest'].includes(kernelUnderTest()) ? 1 : 2;
}
