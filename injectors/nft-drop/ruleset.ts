import { choose, seeded } from '../seeded.ts';
import type { Injection } from '../injector.ts';
import type { Mode } from '../mode.ts';
import { matchesOf, type PacketFilter } from '../packet-filter.ts';
import type { NftDropParameters } from './descriptor.ts';

/** The packets of a direction are dealt out over so many slots, in turn; of these the seed chooses the ones to drop. */
const slots = 1_000;

/** For how long after its end the kernel keeps the stamps of a fault: an agent that died may be started again only much later. */
const stampsKeptMs = 24 * 3_600_000;

/** Before every other chain of the hook: what another table drops is not an effect of ours, nor missed by ours. */
const priority = -500;

export const tablePrefix = 'ordeal_';

/** With the id as it is, so that whoever finds the table can tell whose it is. */
export function tableOf(injection: { readonly id: string }): string {
  return tablePrefix + injection.id;
}

export interface Direction {
  readonly name: 'in' | 'out';
  readonly hook: 'ingress' | 'egress';
  readonly key: 'iif' | 'oif';
}

export function directionsOf({ direction }: NftDropParameters): readonly Direction[] {
  const ingress: Direction = { name: 'in', hook: 'ingress', key: 'iif' };
  const egress: Direction = { name: 'out', hook: 'egress', key: 'oif' };
  return [...(direction === 'out' ? [] : [ingress]), ...(direction === 'in' ? [] : [egress])];
}

/** Takes the packets that a filter is about, where there is one. */
export function matchedChain(direction: Direction['name']): string {
  return `matched_${direction}`;
}

/** The share of packets that a mode asks for. */
export function shareOf(mode: Mode): number {
  switch (mode.kind) {
    case 'permanent':
      return 1;
    case 'probabilistic':
      return mode.share;
    case 'oneIn':
      return 1 / mode.n;
    case 'burst':
      return Number.NaN;
  }
}

/** Why a mode cannot be carried out as it was asked for; undefined where it can. */
export function refusalOf(mode: Mode): string | undefined {
  if (mode.kind === 'probabilistic') {
    if (!(mode.share >= 0 && mode.share <= 1)) return `the share ${mode.share} is not between 0 and 1`;
    const dropped = Math.round(mode.share * slots);
    const unlike = (mode.share > 0 && dropped === 0) || (mode.share < 1 && dropped === slots);
    if (unlike) return `the share ${mode.share} is too fine: what it deals out are ${slots}ths`;
  }
  const fits = mode.kind !== 'oneIn' || (Number.isInteger(mode.n) && mode.n >= 1 && mode.n < 2 ** 32);
  return fits ? undefined : 'one in n needs a whole n from 1 to 4294967295';
}

/**
 * One table of our own. Its rules match only as long as the kernel keeps the device in the set `active`, and the kernel takes it
 * out when the duration is over. `first` and `last` hold the device with a timeout that runs from the first and from the
 * latest drop: what is left of it tells when that was. All go by the index of the device: newer kernels hook a chain onto whatever
 * later bears the name, and that was not asked for.
 */
export function rulesetOf(
  injection: Injection<NftDropParameters>,
  device: { readonly device: string; readonly ifindex: number },
): string {
  const directions = directionsOf(injection.parameters);
  return rulesetFor(injection, device, { table: tableOf(injection), directions, verdict: 'drop' });
}

interface Touching {
  readonly table: string;
  readonly directions: readonly Direction[];
  /** What is done to a packet that was chosen, in nftables' words. */
  readonly verdict: string;
}

/** The same for whatever is done to packets by a rule. */
export function rulesetFor(
  injection: Injection<PacketFilter>,
  { device, ifindex }: { readonly device: string; readonly ifindex: number },
  { table, directions, verdict }: Touching,
): string {
  const durationMs = Math.ceil(injection.durationUs / 1000);
  const stamps = `type iface_index; size 4; flags dynamic,timeout; timeout ${durationMs + stampsKeptMs}ms;`;
  const chains = directions.flatMap(({ name, hook, key }) => {
    const matches = matchesOf(injection.parameters, name);
    const acts = [`${key} @active counter name seen_${name}`, ...touchRules(injection, name, key, verdict)];
    // Where there are several ways to match, one chain takes what comes by any of them: a share is of all these packets together.
    const ways = matches.map((match) => `${key} @active ${match} goto ${matchedChain(name)}`);
    return [
      `counter seen_${name} {`,
      `}`,
      `counter touched_${name} {`,
      `}`,
      ...(ways.length === 0 ? [] : [`chain ${matchedChain(name)} {`, ...acts, `}`]),
      `chain ${name} {`,
      `type filter hook ${hook} device "${device}" priority ${priority}; policy accept;`,
      ...(ways.length === 0 ? acts : ways),
      `}`,
    ];
  });
  return [
    `table netdev ${table} {`,
    `set active {`,
    `type iface_index; flags timeout;`,
    `elements = { ${ifindex} timeout ${durationMs}ms }`,
    `}`,
    `set first {`,
    stamps,
    `}`,
    `set last {`,
    stamps,
    `}`,
    ...chains,
    `}`,
    ``,
  ].join('\n');
}

function touchRules({ mode, seed }: Injection, name: string, key: string, verdict: string): string[] {
  const chosen = choiceOf(mode, seeded(seed, name));
  if (chosen === 'none') return [];
  const which = chosen === 'all' ? '' : `${chosen} `;
  return [
    `${key} @active ${which}add @first { ${key} } update @last { ${key} } counter name touched_${name} ${verdict}`,
  ];
}

/**
 * Which packets: counted off, not drawn by the kernel, whose random numbers have no seed. The same packets in the same order
 * meet the same fate in every trial of the seed.
 */
function choiceOf(mode: Mode, random: () => number): string {
  if (mode.kind === 'oneIn' && mode.n > 1) return `numgen inc mod ${mode.n} ${Math.floor(random() * mode.n)}`;
  const count = Math.round(shareOf(mode) * slots);
  if (count === 0) return 'none';
  if (count === slots) return 'all';
  return `numgen inc mod ${slots} { ${rangesOf(choose(count, slots, random)).join(', ')} }`;
}

function rangesOf(numbers: readonly number[]): string[] {
  const ranges: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last?.to === number - 1) last.to = number;
    else ranges.push({ from: number, to: number });
  }
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
}
