import { GuestCpu } from '../../kernel/guest-cpu.ts';
import type { VictimContainer } from '../victim-container.ts';
import type { Place } from '../../kernel/place.ts';
import type { Witness } from '../proof.ts';

/** A program that wants all of a processor for three seconds, and is told by the kernel what it got. */
export function wantingProcessor(place: Place, processor: number): Witness {
  const cpu = new GuestCpu(place);
  return async () => {
    const [share = 0] = await cpu.left(processor);
    return { amount: share, words: `got ${(100 * share).toFixed(0)} % of processor ${processor}` };
  };
}

/** Somebody who tells a program to run on a processor. */
export function startingOn(place: Place, processor: number): Witness {
  const cpu = new GuestCpu(place);
  return async () => {
    const runs = await cpu.takesPrograms(processor);
    const words = runs
      ? `a program runs on processor ${processor}`
      : `no program can run on processor ${processor}`;
    return { amount: Number(runs), words };
  };
}

/** Somebody who listens to the heartbeat of the first process of a container. */
export function listeningTo(container: VictimContainer): Witness {
  return async () => {
    const beats = await container.beats(2);
    return { amount: beats, words: `${beats} heartbeats in 2 s` };
  };
}

/** A program that fills its registers, executes one instruction and looks at them again. */
export function keepingRegisters(place: Place, path: string): Witness {
  return async () => {
    const { code, stdout } = await place.run([path, 'nop']);
    if (code !== 0) return { amount: 1, words: `it died with code ${code}` };
    const wrong = stdout
      .split('\n')
      .filter((line) => line.includes(' 0x'))
      .map((line) => line.replace(/^(\w+) 0x0*(.+)$/, '$1 by 0x$2'));
    const words = wrong.length === 0 ? 'registers as they were' : `changed: ${wrong.join(', ')}`;
    return { amount: wrong.length, words };
  };
}
