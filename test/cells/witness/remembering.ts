import type { Waiting } from '../../kernel/guest-asking.ts';
import type { VictimContainer } from '../victim-container.ts';
import type { Place } from '../../kernel/place.ts';
import type { Witness } from '../proof.ts';
import type { Stage } from '../stage.ts';

const mebibyte = 2 ** 20;

/** A program that asks for so many mebibytes and fills them; the kernel takes it first where there are none. */
export function wantingMemory(place: Place, mebibytes: number): Witness {
  const wanting = 'my $all = "x" x $ARGV[0]; print length $all';
  const bytes = String(mebibytes * mebibyte);
  return async () => {
    const { code, stdout } = await place.run(['choom', '-n', '1000', '--', 'perl', '-e', wanting, bytes]);
    const had = code === 0 ? Number(stdout) / mebibyte : 0;
    const end = code === 128 + 9 ? 'killed for them' : `ended with ${code}`;
    return { amount: had, words: code === 0 ? `had ${had} MiB` : `wanted ${mebibytes} MiB, ${end}` };
  };
}

/** How often one is told to look: before, amid and after, and amid and after once more without the agent, with some to spare. */
const looks = 8;
const times = 5;

/** Programs of a container that were there before the fault, each of which asks for memory when it is told to. */
export async function askingForMemory(stage: Stage, container: VictimContainer): Promise<Witness> {
  const asking = await stage.asking();
  const waiting: Waiting[] = [];
  for (let look = 0; look < looks; look++)
    waiting.push(await asking.start('wants', { argument: String(times), by: container.entry }));
  return async () => {
    const said = await waiting.shift()?.go();
    if (said === undefined) throw new Error(`a witness of memory looks ${looks} times, not more`);
    const refused = said.replaceAll('+', '').length;
    return { amount: refused, words: `${refused} of ${times} requests for memory refused` };
  };
}

/** A program that fills its memory, executes one instruction with an address of it in a register, and looks at it again. */
export async function keepingMemory(place: Place, path: string, name: string): Promise<Witness> {
  const file = `/root/kept-${name}`;
  await place.demand(`head -c 4096 /dev/zero > ${file}.data`);
  return async () => {
    const { code, stdout } = await place.run([path, 'meet', file]);
    const wrong = stdout.split('\n').filter(Boolean).length;
    const words = code === 0 ? `${wrong} bytes of its memory wrong` : `it died with code ${code}`;
    return { amount: code === 0 ? wrong : 1, words };
  };
}

const rereadMiB = 32;
/** What a whole machine has too much of takes a while to become scarce. */
const tries = 8;
const restSeconds = 4;

/** Somebody who reads a file twice, again and again until something of the second time came from the disk, as the kernel tells. */
export async function rereading(place: Place, name: string): Promise<Witness> {
  const file = `/root/reread-${name}`;
  await place.demand(`head -c ${rereadMiB}M /dev/urandom > ${file} && sync ${file}`);
  // What a shell has read from disks, those that it has waited for among it.
  const script = `
    from_disk() { sed -n "s/^read_bytes: //p" /proc/$$/io; }
    for try in $(seq ${tries}); do
      [ $try = 1 ] || sleep ${restSeconds}
      cat ${file} > /dev/null
      before=$(from_disk); began=$(date +%s%N)
      cat ${file} > /dev/null
      ms=$((($(date +%s%N) - began) / 1000000)); bytes=$(($(from_disk) - before))
      [ $((bytes / ${mebibyte})) -lt ${rereadMiB / 2} ] || break
    done
    echo $ms; echo $bytes`;
  return async () => {
    const [ms = 0, bytes = 0] = (await place.demand(script)).trim().split('\n').map(Number);
    const fromDisk = Math.round(bytes / mebibyte);
    return {
      amount: fromDisk,
      words: `${fromDisk} of ${rereadMiB} cached MiB came from the disk again, in ${ms} ms`,
    };
  };
}
