import { z } from 'zod';
import { matchedChain, type Direction } from './ruleset.ts';

/** What `nft --json list table` and `list tables` say, as far as it is needed; all else passes. */
const listing = z.object({
  nftables: z.array(
    z.looseObject({
      table: z.object({ family: z.string(), name: z.string() }).optional(),
      set: z.looseObject({ name: z.string(), elem: z.array(z.unknown()).optional() }).optional(),
      chain: z.looseObject({ name: z.string(), hook: z.string().optional() }).optional(),
      rule: z.looseObject({ chain: z.string(), expr: z.array(z.looseObject({})) }).optional(),
    }),
  ),
});

export function tablesIn(json: string): string[] {
  const tables = listing.parse(JSON.parse(json)).nftables.map((entry) => entry.table);
  return tables.flatMap((table) => (table?.family === 'netdev' ? [table.name] : []));
}

interface Expected extends Direction {
  /** In how many ways a packet may match the filter; none where there is no filter. */
  readonly ways: number;
}

/** What of the ruleset is not there as asked for; undefined where all of it is. */
export function missingFrom(
  json: string,
  text: string,
  expected: { device: string; directions: readonly Expected[]; drops: boolean; verb?: 'drop' | 'mangle' },
): string | undefined {
  const entries = listing.parse(JSON.parse(json)).nftables;
  const verb = expected.verb ?? 'drop';
  for (const { name, hook, ways } of expected.directions) {
    const chain = entries.find((entry) => entry.chain?.name === name)?.chain;
    if (chain?.hook !== hook) return `the chain "${name}" is not on the ${hook} hook`;
    // This version of the JSON leaves the device out; a chain loses it when the interface goes.
    if (!hasDevice(text, name, expected.device)) return `the chain "${name}" is not on ${expected.device}`;
    const rulesOf = (chain: string) =>
      entries.flatMap((entry) => (entry.rule?.chain === chain ? [entry.rule.expr] : []));
    const has = (expr: readonly object[], what: string): boolean =>
      expr.some((expression) => what in expression);
    const found = rulesOf(name).filter((expr) => has(expr, 'goto')).length;
    if (found !== ways) return `the chain "${name}" matches packets in ${found} ways, not in ${ways}`;
    const drops = rulesOf(ways === 0 ? name : matchedChain(name)).some((expr) => has(expr, verb));
    if (drops !== expected.drops) return `the chain "${name}" ${drops ? 'drops' : 'does not drop'} packets`;
  }
  const active = entries.find((entry) => entry.set?.name === 'active')?.set?.elem ?? [];
  return active.length > 0 ? undefined : 'the time of the fault is over';
}

function hasDevice(text: string, chain: string, device: string): boolean {
  const hook = /device[^;]*?priority/.exec(blockOf(text, 'chain', chain) ?? '')?.[0] ?? '';
  return hook.includes(`"${device}"`) || hook.split(/[\s,{}]+/).includes(device);
}

interface Counted {
  readonly seen: number;
  readonly dropped: number;
  /** How long ago, at the time of the listing, the first and the latest drop was; absent without one. */
  readonly firstAgoUs?: number;
  readonly lastAgoUs?: number;
}

/** From the text of `nft list table`: only it has the milliseconds of a timeout. */
export function parseCounted(text: string): Counted {
  const firstAgoUs = agoOf(text, 'first');
  const lastAgoUs = agoOf(text, 'last');
  return {
    seen: packetsOf(text, 'seen_in') + packetsOf(text, 'seen_out'),
    dropped: packetsOf(text, 'touched_in') + packetsOf(text, 'touched_out'),
    ...(firstAgoUs === undefined ? {} : { firstAgoUs }),
    ...(lastAgoUs === undefined ? {} : { lastAgoUs }),
  };
}

/** Each stamp runs by the kernel's ticks, so the last drop may seem to be before the first by one; it never was. */
export function instantsOf(
  { firstAgoUs, lastAgoUs }: Pick<Counted, 'firstAgoUs' | 'lastAgoUs'>,
  nowUs: number,
): { firstUs?: number; lastUs?: number } {
  const firstUs = firstAgoUs === undefined ? undefined : nowUs - firstAgoUs;
  const lastUs = lastAgoUs === undefined ? undefined : Math.max(nowUs - lastAgoUs, firstUs ?? 0);
  return { ...(firstUs === undefined ? {} : { firstUs }), ...(lastUs === undefined ? {} : { lastUs }) };
}

function packetsOf(text: string, counter: string): number {
  return Number(/packets (\d+)/.exec(blockOf(text, 'counter', counter) ?? '')?.[1] ?? 0);
}

function agoOf(text: string, set: string): number | undefined {
  const block = blockOf(text, 'set', set) ?? '';
  const timeout = /^\s*timeout (\w+)/m.exec(block)?.[1];
  const expires = /expires (\w+)/.exec(block)?.[1];
  return timeout === undefined || expires === undefined ? undefined : timeUs(timeout) - timeUs(expires);
}

function blockOf(text: string, kind: string, name: string): string | undefined {
  // A block ends with the brace that stands alone on its line; those of its elements do not.
  return new RegExp(`^\\s*${kind} ${name} \\{$([^]*?)^\\s*\\}$`, 'm').exec(text)?.[1];
}

const unitsUs: Readonly<Record<string, number>> = {
  d: 86_400_000_000,
  h: 3_600_000_000,
  m: 60_000_000,
  s: 1_000_000,
  ms: 1_000,
};

/** nftables writes a time as "1d2h3m4s5ms". */
function timeUs(text: string): number {
  let us = 0;
  for (const [, number, unit = ''] of text.matchAll(/(\d+)(ms|[dhms])/g))
    us += Number(number) * (unitsUs[unit] ?? 0);
  return us;
}
