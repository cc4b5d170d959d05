import { z } from 'zod';

/** The parameter by which bits are chosen, of as many as there are at the most; `whose` says of what. */
export function bitMaskParameter(whose: string, most: 8 | 64) {
  const all = `0x${'f'.repeat(most / 4)}`;
  return z
    .string()
    .regex(new RegExp(`^0x0*[0-9a-f]{1,${most / 4}}$`), `must be a mask from "0x1" to "${all}"`)
    .refine((text) => !/^0x0+$/.test(text), 'must have a bit that is set')
    .default(all)
    .describe(`Which of ${whose} bits, as a mask from "0x1" to "${all}".`);
}

/** As the module writes it. */
export function asHex(text: string): string {
  return `0x${BigInt(text).toString(16)}`;
}

export function bitsIn(mask: string): number {
  return BigInt(mask).toString(2).replaceAll('0', '').length;
}
