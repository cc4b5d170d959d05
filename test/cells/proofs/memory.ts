import type { Proof, Scene } from '../proof.ts';
import { askingForMemory, keepingMemory, rereading, wantingMemory } from '../witness/remembering.ts';

const host = 'host/nfvi-1';
const vm = 'vm/nfvi-1';
/** Less than an idle machine of the lab has left, and more than the hog leaves. */
const wantedMiB = 384;
const floor = '256MiB';

const pointedTo = { at: 'register', registers: ['bx'] };
const isSome: Scene['isHit'] = (amount) => amount > 0;

/** Memory of a machine, as a host and as a VM; the neighbour is the other machine, where it is not another program. */
function ofMachine(on: 'host' | 'vm'): Proof[] {
  const [layer, target] = on === 'host' ? (['physical', host] as const) : (['virtual', vm] as const);
  return [
    {
      cell: `${layer}.memory.unavailability`,
      on,
      mechanism: 'kernel-memory-hog',
      asked: `all but ${floor}`,
      company: on === 'host' ? 'memory' : 'vm memory',
      set: async ({ machine, beside }) =>
        await Promise.resolve({
          target,
          parameters: { floor },
          victim: wantingMemory(machine, wantedMiB),
          neighbour: wantingMemory(beside, wantedMiB),
          isHit: (had) => had === 0,
          isWell: (had) => had === wantedMiB,
        }),
    },
    {
      cell: `${layer}.memory.delay`,
      on,
      mechanism: 'memory-thrash',
      asked: 'a task waits for memory 20 % of the time',
      company: on === 'host' ? 'thrash' : 'vm thrash',
      set: async ({ machine, beside }) => ({
        target,
        victim: await rereading(machine, on),
        neighbour: await rereading(beside, on),
        isHit: isReadAgain,
      }),
    },
    {
      cell: `${layer}.memory.corruption`,
      on,
      mechanism: 'kernel-memory-corrupt',
      asked: '100 bytes where bx points to',
      company: on,
      set: async (stage) => {
        const own = await stage.programOf(on, 'mappings');
        const other = on === 'host' ? stage.machine : stage.beside;
        return {
          target,
          parameters: await stage.atSpotOf(own.victim, pointedTo),
          victim: await keepingMemory(stage.machine, own.victim, `victim-${on}`),
          neighbour: await keepingMemory(other, own.neighbour, `neighbour-${on}`),
          isHit: isSome,
        };
      },
    },
  ];
}

/** Memory of a container. */
const ofContainer: readonly Proof[] = [
  {
    cell: 'virtual.memory.unavailability',
    on: 'container',
    mechanism: 'kernel-enomem',
    asked: 'every request refused',
    company: 'containers',
    set: async (stage) => {
      const container = await stage.container();
      const beside = await stage.neighbourContainer();
      return {
        target: `container/${container.name}`,
        victim: await askingForMemory(stage, container),
        neighbour: await askingForMemory(stage, beside.container),
        isHit: isSome,
      };
    },
  },
  {
    cell: 'virtual.memory.delay',
    on: 'container',
    mechanism: 'memory-thrash',
    asked: 'pages to be read again',
    company: 'containers',
    set: async (stage) => {
      const container = await stage.container();
      const beside = await stage.neighbourContainer();
      return {
        target: `container/${container.name}`,
        victim: await rereading(container, container.name),
        neighbour: await rereading(beside.container, beside.container.name),
        isHit: isReadAgain,
      };
    },
  },
  {
    cell: 'virtual.memory.corruption',
    on: 'container',
    mechanism: 'kernel-memory-corrupt',
    asked: '100 bytes where bx points to',
    company: 'containers',
    set: async (stage) => {
      const path = await stage.program('mappings');
      const container = await stage.container();
      const beside = await stage.neighbourContainer();
      return {
        target: `container/${container.name}`,
        parameters: await stage.atSpotOf(path, pointedTo),
        victim: await keepingMemory(container, path, container.name),
        neighbour: await keepingMemory(beside.container, path, beside.container.name),
        isHit: isSome,
      };
    },
  },
];

/** Memory, of a host, a container and a VM. */
export const memory: readonly Proof[] = [...ofMachine('host'), ...ofContainer, ...ofMachine('vm')];

/** Half of a file that stays in memory where there is room for it. */
function isReadAgain(mebibytes: number): boolean {
  return mebibytes >= 16;
}
