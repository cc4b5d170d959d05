import type { BugName } from '../../embedded/bugs/bug-name.ts';

/** How the embedded target repairs a fault by itself, as its logs tell: the supervisor starts a replica again, the front goes round one, or nothing is done. */
type Repair = 'restart' | 'failover' | 'nothing';

export interface SeededFault {
  readonly name: string;
  readonly repair: Repair;
  /** Whose replica is repaired. */
  readonly host?: 'host-1' | 'host-2';
  /** The rest of it as a campaign file has it. */
  readonly entry: object;
}

const cut = { mechanism: 'nft-drop' };
const virtualCut = { cell: 'virtual.network.unavailability', ...cut };
const physicalCut = { cell: 'physical.network.unavailability', ...cut };
const web = (host: string): object => ({ target: { host, container: 'web' } });
const busy = (host: string): object => ({
  cell: 'physical.cpu.delay',
  mechanism: 'cpu-burn',
  intensity: { burners: 1, load: '20%' },
  target: { host },
});
const killed = (host: string): object => ({
  cell: 'virtual.cpu.unavailability',
  mechanism: 'sigkill',
  ...web(host),
});

/** Who is first here is first in a pair: a replica is killed while the fault before it is still there. */
export const faultload: readonly SeededFault[] = [
  { name: 'cut-1', repair: 'failover', host: 'host-1', entry: { ...virtualCut, ...web('host-1') } },
  { name: 'cut-2', repair: 'failover', host: 'host-2', entry: { ...virtualCut, ...web('host-2') } },
  {
    name: 'plug-1',
    repair: 'failover',
    host: 'host-1',
    entry: { ...physicalCut, target: { host: 'host-1', nic: 'web' } },
  },
  {
    name: 'cable-1',
    repair: 'failover',
    host: 'host-1',
    entry: { ...physicalCut, target: { host: 'host-1', nic: 'eth0' } },
  },
  {
    name: 'cable-2',
    repair: 'failover',
    host: 'host-2',
    entry: { ...physicalCut, target: { host: 'host-2', nic: 'eth0' } },
  },
  {
    name: 'port-1',
    repair: 'failover',
    host: 'host-1',
    entry: { ...physicalCut, target: { host: 'tester', nic: 'host-1' } },
  },
  {
    name: 'port-2',
    repair: 'failover',
    host: 'host-2',
    entry: { ...physicalCut, target: { host: 'tester', nic: 'host-2' } },
  },
  { name: 'busy-1', repair: 'nothing', entry: busy('host-1') },
  { name: 'busy-2', repair: 'nothing', entry: busy('host-2') },
  { name: 'busy-front', repair: 'nothing', entry: busy('tester') },
  { name: 'kill-1', repair: 'restart', host: 'host-1', entry: killed('host-1') },
  { name: 'kill-2', repair: 'restart', host: 'host-2', entry: killed('host-2') },
];

export interface Pair {
  readonly name: string;
  readonly faults: readonly [SeededFault, SeededFault];
}

export const pairs: readonly Pair[] = faultload.flatMap((first, index) =>
  faultload
    .slice(index + 1)
    .map((second): Pair => ({ name: `${first.name}-then-${second.name}`, faults: [first, second] })),
);

/** What is known before anything has run, from what the bugs are; nothing of a fault alone. */
export function reachedBy({ faults: [first, second] }: Pair): readonly BugName[] {
  const repairs = `${first.repair} ${second.repair}`;
  const areRepaired = first.repair !== 'nothing' && second.repair !== 'nothing';
  const reached: readonly [BugName, boolean][] = [
    // The peer is asked at the death, from within the cut or across it.
    ['unchecked-copy', repairs === 'failover restart'],
    ['one-restart-at-a-time', repairs === 'restart restart'],
    ['sorry-for-good', areRepaired && first.host !== second.host],
  ];
  return reached.flatMap(([bug, isReached]) => (isReached ? [bug] : []));
}
