import type { Machine } from '../../../lab/machine/machine.ts';
import type { Proof, Scene } from '../proof.ts';
import type { Stage } from '../stage.ts';
import { keepingRegisters, listeningTo, startingOn, wantingProcessor } from '../witness/running.ts';

const host = 'host/nfvi-1';
const vm = 'vm/nfvi-1';

/** What a program gets that wants all of it, where somebody else takes more than half. */
const getsLess: Scene['isHit'] = (share, before) => share < 0.6 * before;
const isNone: Scene['isHit'] = (amount) => amount === 0;
const isSome: Scene['isHit'] = (amount) => amount > 0;

/** Processors of a machine, as a host and as a VM: the first has its neighbour in itself, the other in the VM beside it. */
function ofMachine(on: 'host' | 'vm'): Proof[] {
  const [layer, target] = on === 'host' ? (['physical', host] as const) : (['virtual', vm] as const);
  const each = { on, company: on } as const;
  const beside = (stage: Stage): Machine => (on === 'host' ? stage.machine : stage.beside);
  return [
    {
      ...each,
      cell: `${layer}.cpu.unavailability`,
      mechanism: 'kernel-cpu-off',
      asked: 'processor 1 off',
      set: async (stage) =>
        await Promise.resolve({
          target,
          parameters: { cpus: '1' },
          victim: startingOn(stage.machine, 1),
          neighbour: startingOn(beside(stage), on === 'host' ? 0 : 1),
          isHit: isNone,
        }),
    },
    {
      ...each,
      cell: `${layer}.cpu.delay`,
      // Never beside a processor that is off: of a host that is its neighbour, and an emulated machine would have too little left for other faults to begin in time.
      company: on === 'host' ? 'hog' : 'vm hog',
      mechanism: 'kernel-cpu-hog',
      asked: '70 % of processor 0',
      set: async (stage) =>
        await Promise.resolve({
          target,
          parameters: { cpus: '0', load: '70%' },
          victim: wantingProcessor(stage.machine, 0),
          neighbour: wantingProcessor(beside(stage), on === 'host' ? 1 : 0),
          isHit: getsLess,
        }),
    },
    {
      ...each,
      cell: `${layer}.cpu.corruption`,
      mechanism: 'kernel-registers',
      asked: '1 bit of bx at an instruction of a program',
      set: async (stage) => {
        const own = await stage.programOf(on, 'registers');
        return {
          target,
          parameters: await stage.atSpotOf(own.victim, { registers: ['bx'] }),
          victim: keepingRegisters(stage.machine, own.victim),
          neighbour: keepingRegisters(beside(stage), own.neighbour),
          isHit: isSome,
        };
      },
    },
  ];
}

/** What the programs of a container get of processors. */
const ofContainer: readonly Proof[] = [
  {
    cell: 'virtual.cpu.unavailability',
    on: 'container',
    mechanism: 'sigkill',
    asked: 'its first process',
    company: 'containers',
    lasts: true,
    set: async (stage) => {
      const container = await stage.container();
      return {
        target: `container/${container.name}`,
        victim: listeningTo(container),
        neighbour: listeningTo((await stage.neighbourContainer()).container),
        isHit: isNone,
      };
    },
  },
  {
    cell: 'virtual.cpu.delay',
    on: 'container',
    mechanism: 'cpu-burn',
    asked: '4 burners, each all of a processor',
    company: 'containers',
    set: async (stage) => {
      const container = await stage.container();
      return {
        target: `container/${container.name}`,
        parameters: { burners: 4 },
        victim: wantingProcessor(container, 1),
        neighbour: wantingProcessor((await stage.neighbourContainer()).container, 1),
        isHit: getsLess,
      };
    },
  },
  {
    cell: 'virtual.cpu.corruption',
    on: 'container',
    mechanism: 'kernel-registers',
    asked: '1 bit of bx at an instruction of a program',
    company: 'containers',
    set: async (stage) => {
      const path = await stage.program('registers');
      const container = await stage.container();
      return {
        target: `container/${container.name}`,
        parameters: await stage.atSpotOf(path, { registers: ['bx'] }),
        victim: keepingRegisters(container, path),
        neighbour: keepingRegisters((await stage.neighbourContainer()).container, path),
        isHit: isSome,
      };
    },
  },
];

/** Processors, of a host, a container and a VM. */
export const cpu: readonly Proof[] = [...ofMachine('host'), ...ofContainer, ...ofMachine('vm')];
