import { once } from 'node:events';
import type { Command } from 'commander';
import { labOf, labVerb, type Named } from './lab-verb.ts';
import { outputOf } from './verb.ts';

export function labFramesVerb(): Command {
  return labVerb(
    'frames',
    'each frame when it comes to the switch: when (in microseconds of the monotonic clock of this machine), from whom, to whom, its type, its bytes; until Ctrl-C',
  ).action(async ({ name }: Named, command: Command) => {
    const output = outputOf(command);
    const interrupted = new AbortController();
    void once(process, 'SIGINT').then(() => interrupted.abort());
    for await (const frame of labOf(name).frames(interrupted.signal)) {
      const { atUs, source, destination, type, bytes } = frame;
      output.line(frame, () => `${atUs} ${source} ${destination} ${type} ${bytes}`);
    }
  });
}
