import assert from 'node:assert/strict';
import { kernelNames, type KernelName } from '../../lab/kernel/kernel-name.ts';

/** The kernel of ORDEAL_TEST_KERNEL, by which `npm run test:kernels` goes through all of them. */
export function kernelUnderTest(): KernelName {
  const name = process.env.ORDEAL_TEST_KERNEL ?? '6.1';
  const kernel = kernelNames.find((known) => known === name);
  assert.ok(kernel, `ORDEAL_TEST_KERNEL is ${name}; it has to be one of ${kernelNames.join(', ')}`);
  return kernel;
}
