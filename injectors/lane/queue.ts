import { createHash } from 'node:crypto';
import { z } from 'zod';

/** A queueing discipline at the end of the lane: what is done to the packets in it. */
export interface Leaf {
  readonly kind: 'tbf' | 'netem';
  /** In tc's words, after the kind. */
  readonly words: string;
}

/** The mechanisms that lay lanes, each with the byte that the handles of its roots begin with; tc itself gives out 8000 and above. */
const rootBytes = { 'link-saturate': '6a', 'netem-delay': '6b', 'netem-corrupt': '6c' } as const;
const leafByte = '6e';

/** Which mechanism's lane, and for which injection. */
export interface LaneName {
  readonly mechanism: keyof typeof rootBytes;
  readonly id: string;
}

export interface Handles {
  readonly root: string;
  readonly leaf: string;
}

export function handlesFor({ mechanism, id }: LaneName): Handles {
  const [one, other] = createHash('sha256').update(id).digest('hex').match(/../g) ?? [];
  return { root: `${rootBytes[mechanism]}${one}:`, leaf: `${leafByte}${other}:` };
}

/** A root of this mechanism's, of whatever injection. */
export function isOfMechanism({ root, kind, handle }: Queue, mechanism: LaneName['mechanism']): boolean {
  return root === true && kind === 'htb' && handle.length === 5 && handle.startsWith(rootBytes[mechanism]);
}

/** Far above any link: a packet waits in the leaf or not at all. */
const classRate = '100gbit';

/** As much as the class may send at once; without it tc works one out of its rate, and warns that it is large. */
const quantum = 60_000;

/** For `tc -batch`. What is not steered into the class takes the direct way, as if there were no queue. */
export function layingOf(device: string, { root, leaf }: Handles, { kind, words }: Leaf): string {
  return [
    `qdisc add dev ${device} root handle ${root} htb default 0`,
    `class add dev ${device} parent ${root} classid ${root}1 htb rate ${classRate} quantum ${quantum}`,
    `qdisc add dev ${device} parent ${root}1 handle ${leaf} ${kind} ${words}`,
    ``,
  ].join('\n');
}

export function changeOf(device: string, { root, leaf }: Handles, { kind, words }: Leaf): string[] {
  return ['qdisc', 'change', 'dev', device, 'parent', `${root}1`, 'handle', leaf, kind, ...words.split(' ')];
}

const qdisc = z.looseObject({
  kind: z.string(),
  handle: z.string(),
  dev: z.string().optional(),
  root: z.boolean().optional(),
  parent: z.string().optional(),
  options: z.looseObject({}).default({}),
  bytes: z.number().default(0),
  packets: z.number().default(0),
  drops: z.number().default(0),
  overlimits: z.number().default(0),
  backlog: z.number().default(0),
  qlen: z.number().default(0),
});

export type Queue = z.output<typeof qdisc>;

/** From `tc -json -statistics qdisc show`. */
export function queuesIn(json: string): Queue[] {
  return z.array(qdisc).parse(JSON.parse(json));
}

export function leafAmong(queues: readonly Queue[], { root, leaf }: Handles): Queue | undefined {
  return queues.find(({ handle, parent }) => handle === leaf && parent === `${root}1`);
}

export function isRoot(queue: Queue, { root }: Handles): boolean {
  return queue.root === true && queue.kind === 'htb' && queue.handle === root;
}

/** What somebody has put there: what the kernel puts there by itself has the handle 0. */
export function foreignRootAmong(queues: readonly Queue[]): Queue | undefined {
  return queues.find(({ root, handle }) => root === true && handle !== '0:');
}
