import { Command } from 'commander';
import { labConsoleVerb } from './lab-console.ts';
import { labExecVerb } from './lab-exec.ts';
import { labFramesVerb } from './lab-frames.ts';
import { labUpVerb } from './lab-up.ts';
import { labOf, labVerb, showLab, type Named } from './lab-verb.ts';
import { outputOf } from './verb.ts';

export function labVerbs(): Command {
  const lab = new Command('lab').description(
    'a disposable NFVI on this machine: hosts in QEMU with an agent each, and a network between them; needs no root',
  );
  const verbs = [
    labUpVerb(),
    labVerb('status', 'the hosts, how they are, and the last words of those that have died').action(
      async ({ name }: Named, command: Command) => {
        await showLab(name, command);
      },
    ),
    labExecVerb(),
    labConsoleVerb(),
    labFramesVerb(),
    labVerb('snapshot', 'keep what the disks hold now, under a name; the hosts have to be off')
      .argument('<snapshot>')
      .action(async (snapshot: string, { name }: Named, command: Command) => {
        await labOf(name).snapshot(snapshot);
        await showLab(name, command);
      }),
    labVerb('restore', 'give the disks back what they held at a snapshot; the hosts have to be off')
      .argument('<snapshot>')
      .action(async (snapshot: string, { name }: Named, command: Command) => {
        await labOf(name).restore(snapshot);
        await showLab(name, command);
      }),
    labVerb('down', 'shut the hosts down; their disks stay').action(
      async ({ name }: Named, command: Command) => {
        const output = outputOf(command);
        await labOf(name).down((line) => output.say(line));
        await showLab(name, command);
      },
    ),
    labVerb('destroy', 'end the hosts as they stand and remove all that is theirs').action(
      async ({ name }: Named, command: Command) => {
        await labOf(name).destroy();
        outputOf(command).answer({ name, destroyed: true }, () => `the lab ${name} is gone`);
      },
    ),
  ];
  for (const one of verbs) lab.addCommand(one);
  return lab;
}
