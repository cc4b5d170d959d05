import { seeded } from '../../injectors/seeded.ts';
import type { Machine } from '../../lab/machine/machine.ts';
import type { Attributes, Kind } from './kernel-fault.ts';

interface CyclesAsked {
  readonly cycles: number;
  readonly seed: number;
  /** Each cycle has one of them, and one value of each of the others. */
  readonly effects: readonly Attributes[];
  readonly others: Readonly<Record<string, readonly (string | number)[]>>;
  /** Each begins with a number, which is looked at in each cycle. */
  readonly counterFiles: readonly string[];
}

interface CyclesDone {
  readonly armed: number;
  /** Those of the effects that have touched nothing, in all their cycles together. */
  readonly untouched: readonly Attributes[];
  /** Those of the counter files that stood still in one of twenty stretches of the run. */
  readonly standstill: readonly string[];
}

/** So many are armed and taken away side by side, on the same devices. */
const lanes = ['0', '1', '2', '3'];
const modes = ['permanent', 'share 500000000', 'one_in 3', 'burst 2000 2000'];
/** From when it is armed: an hour is beyond any cycle, the other is amid it. */
const deadlinesNs = [3_600_000_000_000, 100_000_000];
const startsNs = [0, 0, 20_000_000];
const longestPauseMs = 50;

/** Arms and takes away random faults, again and again; the same for a seed. */
export async function armAgainAndAgain(
  machine: Machine,
  kind: Kind,
  { cycles, seed, effects, others, counterFiles }: CyclesAsked,
): Promise<CyclesDone> {
  const random = seeded(seed, 'cycles');
  const below = (limit: number): number => Math.floor(random() * limit);
  const one = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  const line = (_: unknown, cycle: number): string => {
    const effect = below(effects.length);
    const drawn = Object.entries({ ...others, mode: modes }).map(([name, values]) => [name, one(values)]);
    const attributes = { ...Object.fromEntries(drawn), ...effects[effect], seed: cycle } as Attributes;
    const pause = (below(longestPauseMs) / 1000).toFixed(3);
    const written = Object.entries(attributes).map(([name, value]) => `${name}=${value}`);
    return [effect, one(startsNs), one(deadlinesNs), pause, ...written].join('\t');
  };
  for (const lane of lanes) {
    const lines = Array.from({ length: cycles / lanes.length }, line);
    await machine.writeFile(`/tmp/cycles.${lane}`, `${lines.join('\n')}\n`);
  }
  await machine.writeFile('/tmp/cycle', script(kind, counterFiles));
  const said = await machine.demand(['sh', '/tmp/cycle'], { timeoutMs: 1_000_000 });
  const rows = said
    .trim()
    .split('\n')
    .map((row) => row.split(' ').map(Number));
  const touchedBy = (index: number): number =>
    rows.reduce((sum, [effect, touched = 0]) => sum + (effect === index ? touched : 0), 0);
  const counted = (index: number): number[] => rows.map((row) => row[2 + index] ?? Number.NaN);
  return {
    armed: rows.length,
    untouched: effects.filter((_, index) => touchedBy(index) === 0),
    standstill: counterFiles.filter((_, index) => !growsAllTheTime(counted(index))),
  };
}

const stretches = 20;

function growsAllTheTime(counts: readonly number[]): boolean {
  const ends = Array.from({ length: stretches + 1 }, (_, end) =>
    counts.at(Math.floor((end * (counts.length - 1)) / stretches)),
  );
  return ends.slice(1).every((count, index) => Number(count) > Number(ends[index]));
}

/** Says a row a cycle: the index of its effect, how often it touched something, the counters. It ends with the first write that is refused. */
function script(kind: Kind, counterFiles: readonly string[]): string {
  return `
cd /sys/kernel/config/ordeal/${kind} || exit
tab=$(printf '\\t')

# number <name> <file>: of its line "name: number"
number() { while IFS=' ' read -r word value; do [ "$word" != "$1:" ] || { number=$value; return; }; done < "$2"; }

write() { echo "$2" > "$1" || { cat "\${1%/*}/error" >&2; return 1; }; }

arm() {
  number boottime_ns ../clocks
  write "$1/start_ns" $((number + $2)) && write "$1/deadline_ns" $((number + $3)) || return
  echo 1 2> /dev/null > "$1/arm" && return
  # A machine that stands still for a while.
  grep -q 'is past' "$1/error" && arm "$@" || { cat "$1/error" >&2; return 1; }
}

lane() {
  IFS=$tab
  while read -r effect start deadline pause attributes; do
    mkdir "$1" || return
    for attribute in $attributes; do write "$1/\${attribute%%=*}" "\${attribute#*=}" || return; done
    arm "$1" "$start" "$deadline" || return
    sleep "$pause"
    number effects "$1/status"
    row="$effect $number"
    for file in ${counterFiles.join(' ')}; do IFS=' ' read -r counter _ < "$file"; row="$row $counter"; done
    echo "$row"
    rmdir "$1" || return
  done < "/tmp/cycles.$1"
}

pids=
for lane in ${lanes.join(' ')}; do lane "$lane" & pids="$pids $!"; done
for pid in $pids; do wait "$pid" || exit; done
`;
}
