import { z } from 'zod';

/** In the order in which the module lists them. */
const names = 'ax bx cx dx si di bp r8 r9 r10 r11 r12 r13 r14 r15 ip sp flags'.split(' ');

/** The parameter by which registers are chosen; `which` says what they are chosen for. */
export function registersParameter(which: string) {
  return z
    .array(z.enum(names))
    .min(1)
    .default(names)
    .describe(`${which}: some of ${names.join(', ')}. By default any of them.`);
}

/** As the module lists them, whatever the order of who asked. */
export function inOrder(chosen: readonly string[]): string {
  return names.filter((name) => chosen.includes(name)).join(' ');
}
