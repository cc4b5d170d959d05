import type { Attributes } from '../kernel-fault/injector.ts';
import { asHex } from '../bit-mask.ts';
import { inOrder } from '../kernel-tasks/registers.ts';
import { triggerAttributes } from '../kernel-tasks/trigger.ts';
import { mappingsInOrder, type KernelMemoryCorruptParameters } from './corrupt-descriptor.ts';
import type { KernelMemoryHogParameters } from './hog-descriptor.ts';

/** What is done, in the words of the module. */
export const attributesOf = {
  hog: ({ reclaim }: KernelMemoryHogParameters, floorBytes: number): Attributes => ({
    effect: 'hog',
    floor_bytes: floorBytes,
    reclaim,
  }),
  enomem: (): Attributes => ({ effect: 'enomem' }),
  corrupt: (parameters: KernelMemoryCorruptParameters): Attributes => ({
    effect: 'corrupt',
    ...triggerAttributes(parameters),
    times: parameters.times,
    ...placeOf(parameters),
    mappings: mappingsInOrder(parameters.mappings),
    bytes: parameters.bytes,
    ...changeOf(parameters),
  }),
};

/** With what it needs, and nothing that is another's; so is what becomes of the bytes. */
function placeOf({ at, registers, address = '0x0' }: KernelMemoryCorruptParameters): Attributes {
  switch (at) {
    case 'register':
      return { at, registers: inOrder(registers) };
    case 'address':
      return { at, address: asHex(address) };
    case 'random':
      return { at };
  }
}

function changeOf({ change, bits, bitMask, value }: KernelMemoryCorruptParameters): Attributes {
  switch (change) {
    case 'random':
      return { change };
    case 'flip':
      return { change, bits, bit_mask: asHex(bitMask) };
    case 'set':
      return { change, value };
  }
}
