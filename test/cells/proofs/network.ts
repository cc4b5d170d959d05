import type { Place } from '../../kernel/place.ts';
import { proofsOf, type Effect } from '../effect.ts';
import type { Witness } from '../proof.ts';
import type { Stage } from '../stage.ts';
import { comparingAnswers, countingAnswers, pings, timingAnswers } from '../witness/pinging.ts';

const heldMs = 700;
/** The NIC of the first host on the lab's switch, and who is reached by it. */
const ownNic = 'data0';
const nextHost = '198.18.7.2';

const effects: readonly Effect<(place: Place, address: string) => Witness>[] = [
  {
    type: 'unavailability',
    mechanism: 'kernel-net-drop',
    asked: 'every frame, both ways',
    witness: countingAnswers,
    isHit: (answers) => answers === 0,
    isWell: (answers) => answers === pings.count,
  },
  {
    type: 'delay',
    mechanism: 'kernel-net-delay',
    asked: `${heldMs} ms for every frame sent`,
    parameters: { delay: `${heldMs}ms` },
    witness: timingAnswers,
    isHit: (fastestMs) => fastestMs >= heldMs,
  },
  {
    type: 'corruption',
    mechanism: 'kernel-net-corrupt',
    asked: '1 bit of every payload, checksums right',
    parameters: { bits: 1, part: 'payload', checksum: 'silent', protocol: 'icmp' },
    witness: comparingAnswers,
    isHit: (wrongAnswers) => wrongAnswers > 0,
  },
];

/** Frames of a NIC of a host or a VM, and of the veth of a container. */
export const network = proofsOf('network', effects, {
  host: async (effect, stage) => {
    const { nic, ...looks } = await onMachine(effect, stage);
    return { target: `nic/${nic}`, ...looks };
  },
  container: async ({ witness }, stage) => {
    const container = await stage.container();
    const beside = await stage.neighbourContainer();
    return {
      target: `container/${container.name}`,
      victim: witness(container, container.gateway),
      neighbour: witness(beside.container, beside.container.gateway),
    };
  },
  vm: async (effect, stage) => {
    const { nic, ...looks } = await onMachine(effect, stage);
    return { target: 'vm/nfvi-1', parameters: { interface: nic }, ...looks };
  },
});

/** One NIC a fault, so that they can be there at the same time; a machine has one on the switch. */
async function onMachine({ type, witness }: (typeof effects)[number], stage: Stage) {
  const { machine } = stage;
  const neighbour = witness(machine, (await stage.neighbourLink()).address);
  if (type === 'unavailability') return { nic: ownNic, victim: witness(machine, nextHost), neighbour };
  const { device, address } = await stage.link();
  return { nic: device, victim: witness(machine, address), neighbour };
}
