import type { Proof } from './proof.ts';
import { cpu } from './proofs/cpu.ts';
import { crash } from './proofs/crash.ts';
import { memory } from './proofs/memory.ts';
import { network } from './proofs/network.ts';
import { storage } from './proofs/storage.ts';
import { rows } from './rows.ts';

/** Every proof there is, in the order of the fault model; a row may have more than one. */
export const proofs: readonly Proof[] = [...cpu, ...crash, ...memory, ...network, ...storage].sort(
  (one, other) => placeOf(one) - placeOf(other),
);

function placeOf({ cell, on }: Proof): number {
  return rows.findIndex((row) => row.cell === cell && row.on === on);
}
