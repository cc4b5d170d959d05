import type { Machine } from '../../lab/machine/machine.ts';
import type { Kind } from './kernel-fault.ts';

/** What the kernel of a machine holds at an instant, as numbers by name. */
export type KernelHoldings = ReadonlyMap<string, number>;

/** What is a module's own: threads, pieces of virtual memory, and who counts on it. */
const own = ['threads', 'areas', 'references'];

export async function holdingsOf(machine: Machine, kind: Kind): Promise<KernelHoldings> {
  const module = `ordeal_${kind}`;
  // What neither a program, nor a file, nor a file in memory (the journal of the machine is one) has in use is the kernel's; what a
  // processor keeps at hand of freed pages (count, in zoneinfo) is free, though MemFree leaves it out.
  const said = await machine.demand(`
    for cache in /sys/kernel/slab/kmalloc-*; do echo 1 > $cache/shrink; done
    sync; echo 3 > /proc/sys/vm/drop_caches
    echo threads $(grep -lx '${module}' /proc/[0-9]*/comm 2> /dev/null | wc -l)
    echo areas $(grep -c '\\[${module}\\]' /proc/vmallocinfo)
    echo references $(cat /sys/module/${module}/refcnt)
    awk '/^MemTotal/ { kib = $2 } /^(MemFree|Buffers|Cached|AnonPages):/ { kib -= $2 } $1 == "count:" { kib -= 4 * $2 }
      END { print "pages", int(kib / 4) }' /proc/meminfo /proc/zoneinfo
    awk '/^kmalloc-/ { print $1, $2 }' /proc/slabinfo`);
  return new Map(
    said
      .trim()
      .split('\n')
      .map((line): [string, number] => {
        const [name = '', value] = line.split(' ');
        return [name, Number(value)];
      }),
  );
}

/** What the kernel has not given back after so many faults: of what is the modules' own anything, of the rest one for every two faults. */
export function leaks(before: KernelHoldings, after: KernelHoldings, faults: number): string[] {
  return [...after].flatMap(([name, now]) => {
    const then = before.get(name) ?? 0;
    const bearable = own.includes(name) ? 0 : faults / 2;
    return now - then > bearable ? [`${name}: ${then} before, ${now} after`] : [];
  });
}
