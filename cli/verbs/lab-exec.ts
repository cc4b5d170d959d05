import type { Command } from 'commander';
import { labOf, labVerb, type Named } from './lab-verb.ts';
import { outputOf } from './verb.ts';

/** Of a command that somebody waits for at a terminal. */
const withinMs = 3_600_000;

export function labExecVerb(): Command {
  return labVerb('exec', 'run a program on a host, to its end: `ordeal lab exec nfvi-1 -- uname -r`')
    .argument('<host>')
    .argument('<command...>', 'the program and its arguments; no shell comes between')
    .action(async (host: string, argv: string[], { name }: Named, command: Command) => {
      const machine = await labOf(name).machine(host);
      try {
        const result = await machine.run(argv, { timeoutMs: withinMs });
        const output = outputOf(command);
        if (output.json) output.answer(result, () => '');
        else {
          process.stdout.write(result.stdout);
          process.stderr.write(result.stderr);
        }
        process.exitCode = result.code;
      } finally {
        machine.close();
      }
    });
}
