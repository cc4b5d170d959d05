import { z } from 'zod';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { filterMakesSense, senselessFilter } from '../packet-filter.ts';
import { directionParameter, frameParameters } from './parameters.ts';

const bits = z
  .int()
  .min(1)
  .max(64)
  .default(1)
  .describe('How many bits of a frame are flipped, each another one, 1 to 64; the seed chooses them.');

const part = z
  .enum(['any', 'header', 'payload'])
  .default('any')
  .describe(
    'Which part of a frame: "header" those of the network and transport, "payload" what is behind, "any".',
  );

const checksum = z
  .enum(['wire', 'silent'])
  .default('wire')
  .describe(
    'What the checksums say: "wire" what they said before, so that the receiver notices and drops the frame: what is seen is loss; "silent" they are made right again, so that its programs are given wrong data.',
  );

const parameters = z
  .strictObject({ bits, part, checksum, direction: directionParameter('out'), ...frameParameters })
  .refine(filterMakesSense, senselessFilter);

export type KernelNetCorruptParameters = z.infer<typeof parameters>;

export const kernelNetCorrupt = kernelDescriptor<KernelNetCorruptParameters>({
  name: 'kernel-net-corrupt',
  summary:
    'Flips bits of frames before the driver, or as they are received, with wrong checksums or with right ones.',
  serves: 'network.corruption',
  on: ['nic', 'container', 'vm'],
  vmsMetFrom: ['within', 'outside'],
  parameters,
  effectUnit: 'frame',
});
