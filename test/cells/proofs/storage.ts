import type { Place } from '../../kernel/place.ts';
import { proofsOf, type Effect } from '../effect.ts';
import type { Witness } from '../proof.ts';
import type { Stage } from '../stage.ts';
import { comparingBytes, gettingBytes, timingReads } from '../witness/reading.ts';

/** Longer than a read of a disk without a fault takes where the processor is emulated and busy. */
const heldMs = 3_000;
/** Disks of the lab's machines, each of which has its own; vde is beside all of them. */
const ownDisks = { unavailability: 'sda', delay: 'sdb', corruption: 'nvme0n1' } as const;
const neighbourDisk = 'vde';

const effects: readonly Effect<(place: Place, path: string) => Witness>[] = [
  {
    type: 'unavailability',
    mechanism: 'kernel-disk-unavailable',
    asked: 'every command, as not connected',
    witness: gettingBytes,
    isHit: (bytes) => bytes === 0,
  },
  {
    type: 'delay',
    mechanism: 'kernel-disk-delay',
    asked: `${heldMs} ms for every command`,
    parameters: { delay: `${heldMs}ms` },
    witness: timingReads,
    isHit: (fastestMs) => fastestMs >= heldMs,
  },
  {
    type: 'corruption',
    mechanism: 'kernel-disk-corrupt',
    asked: '1 bit of every read',
    witness: comparingBytes,
    isHit: (wrongBits) => wrongBits > 0,
  },
];

/** Commands to a disk of a host or a VM, and to the one that is behind a volume of a container. */
export const storage = proofsOf('storage', effects, {
  host: async (effect, stage) => ({
    target: `disk/${ownDisks[effect.type]}`,
    ...(await onMachine(effect, stage)),
  }),
  container: async ({ witness }, stage) => {
    const { container, file } = await stage.containerWithVolume();
    const beside = await stage.neighbourContainer();
    return {
      target: `container/${container.name}`,
      parameters: { directory: '/data' },
      victim: witness(container, file),
      neighbour: witness(beside.container, beside.file),
    };
  },
  vm: async (effect, stage) => ({
    target: 'vm/nfvi-1',
    parameters: { disk: ownDisks[effect.type] },
    ...(await onMachine(effect, stage)),
  }),
});

async function onMachine({ type, witness }: (typeof effects)[number], stage: Stage) {
  return {
    victim: witness(stage.machine, await stage.filledDisk(ownDisks[type])),
    neighbour: witness(stage.machine, await stage.filledDisk(neighbourDisk)),
  };
}
