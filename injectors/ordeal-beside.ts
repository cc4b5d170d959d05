import { OrdealError } from '../errors/ordeal-error.ts';
import { ordealBesideThis } from '../procfs/own-processes.ts';

/** Of a fault of all of a host: whoever orders or measures it is to be elsewhere; the agent alone comes through it, or comes back. */
export async function refuseBesideOrdeal(fault: string, becomesOfIt: string): Promise<void> {
  const [first] = await ordealBesideThis();
  if (first === undefined) return;
  throw new OrdealError(
    'PROTECTED_TARGET',
    `this host is protected from ${fault}: process ${first}, which runs Ordeal too, ${becomesOfIt}`,
  );
}
