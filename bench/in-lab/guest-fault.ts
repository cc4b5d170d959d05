import type { Machine } from '../../lab/machine/machine.ts';

type Kind = 'net' | 'storage';
type Attributes = Readonly<Record<string, string | number>>;

const root = '/sys/kernel/config/ordeal';

export async function loadModule(machine: Machine, kind: Kind): Promise<void> {
  await machine.demand(
    `modprobe ordeal_${kind} && (mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config)`,
  );
}

export async function unloadModule(machine: Machine, kind: Kind): Promise<void> {
  await machine.demand(['rmmod', `ordeal_${kind}`, 'ordeal']);
}

/** The lines of shell that make a fault and arm it; times are microseconds from now. */
export function arming(
  kind: Kind,
  attributes: Attributes,
  times: { startUs: number; endUs: number },
): string {
  const writes = Object.entries(attributes).map(([name, value]) => `echo '${value}' > ${name}`);
  return [
    `mkdir ${root}/${kind}/bench`,
    `cd ${root}/${kind}/bench`,
    ...writes,
    "now=$(sed -n 's/^boottime_ns: //p' ../../clocks)",
    `echo $((now + ${times.startUs * 1000})) > start_ns`,
    `echo $((now + ${times.endUs * 1000})) > deadline_ns`,
    'echo 1 > arm || { cat error >&2; exit 1; }',
  ].join('\n');
}

/** While `work` runs, the fault is there; it begins at once. */
export async function during<Result>(
  machine: Machine,
  kind: Kind,
  attributes: Attributes,
  work: () => Promise<Result>,
): Promise<Result> {
  await machine.demand(`set -e\n${arming(kind, attributes, { startUs: 0, endUs: 600_000_000 })}`);
  try {
    return await work();
  } finally {
    await machine.demand(['rmdir', `${root}/${kind}/bench`]);
  }
}

/** What `status` says when the fault is over, of each of so many faults, one after the other. */
export async function statusesOf(
  machine: Machine,
  kind: Kind,
  attributes: Attributes,
  rounds: number,
): Promise<ReadonlyMap<string, string>[]> {
  const round = [
    arming(kind, attributes, { startUs: 50_000, endUs: 110_000 }),
    'until grep -q "^phase: ended" status; do sleep 0.02; done',
    'cat status',
    'echo',
    `cd / && rmdir ${root}/${kind}/bench`,
  ].join('\n');
  const script = `set -e\nfor round in $(seq ${rounds}); do\n${round}\ndone`;
  const text = await machine.demand(script, { timeoutMs: 300_000 });
  return text.trim().split('\n\n').map(parseStatus);
}

function parseStatus(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').map((line): [string, string] => {
      const [name = '', ...value] = line.split(': ');
      return [name, value.join(': ')];
    }),
  );
}

/** How long after its plan something was, in microseconds; what never happened is left out. */
export function latenessUs(
  statuses: readonly ReadonlyMap<string, string>[],
  what: string,
  plan: string,
): number[] {
  return statuses.flatMap((status) => {
    const [was, planned] = [Number(status.get(what)), Number(status.get(plan))];
    return was > 0 && planned > 0 ? [(was - planned) / 1000] : [];
  });
}
