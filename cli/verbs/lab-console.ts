import type { Command } from 'commander';
import { once } from 'node:events';
import { connect } from 'node:net';
import { labOf, labVerb, type Named } from './lab-verb.ts';
import { outputOf } from './verb.ts';

/** Ctrl-], as telnet has it. */
const leave = 0x1d;

export function labConsoleVerb(): Command {
  return labVerb('console', "a host's serial console, until Ctrl-]; root is logged in there")
    .argument('<host>')
    .action(async (host: string, { name }: Named, command: Command) => {
      const machine = await labOf(name).machine(host);
      const output = outputOf(command);
      const socket = connect(machine.files.sockets.console);
      await once(socket, 'connect');
      output.say(
        `${await machine.consoleTail()}\n-- the console of ${host}; Enter for its prompt, Ctrl-] to leave --`,
      );
      const { stdin } = process;
      if (stdin.isTTY) stdin.setRawMode(true);
      try {
        socket.pipe(process.stdout, { end: false });
        stdin.on('data', (bytes: Buffer) => {
          const at = bytes.indexOf(leave);
          if (at === -1) socket.write(bytes);
          else socket.end(bytes.subarray(0, at));
        });
        stdin.once('end', () => socket.end());
        await once(socket, 'close');
      } finally {
        if (stdin.isTTY) stdin.setRawMode(false);
        stdin.pause();
      }
      output.say('');
    });
}
