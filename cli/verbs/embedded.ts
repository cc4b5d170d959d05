import { Command } from 'commander';
import { down, status, up } from '../../embedded/system.ts';
import type { EmbeddedStatus } from '../../embedded/status.ts';
import { bugNames } from '../../embedded/bugs/bug-name.ts';
import { bugsOption } from '../bugs-option.ts';
import { defaultEmbedded, embeddedOptions } from '../embedded-place.ts';
import { outputOf, verb } from './verb.ts';

interface UpOptions {
  readonly name: string;
  readonly subnet?: string;
  readonly bugs?: string;
}

export function embeddedVerbs(): Command {
  const embedded = new Command('embedded').description(
    'the target that fits on this machine: two hosts as namespaces, a replica of nginx on each, HAProxy in front',
  );
  const named = (name: string, description: string): Command =>
    verb(name, description).option('--name <name>', 'one of several', defaultEmbedded);
  embedded.addCommand(
    named('up', 'make it (needs root)')
      .option('--subnet <subnet>', 'an IPv4 /24 for its management network; left out, a free one is found')
      .option(
        '--bugs <names>',
        `with seeded bugs in its repairs, to try policies on: ${bugNames.join(',')}, or all; left out, none`,
      )
      .action(async ({ name, subnet, bugs }: UpOptions, command: Command) => {
        await up({
          ...embeddedOptions(name),
          ...(subnet === undefined ? {} : { subnet }),
          ...(bugs === undefined ? {} : { bugs: bugsOption(bugs) }),
        });
        await show(name, command);
      }),
  );
  embedded.addCommand(
    named('status', 'what of it is there, and how it is').action(
      async ({ name }: { name: string }, command: Command) => {
        await show(name, command);
      },
    ),
  );
  embedded.addCommand(
    named('down', 'remove it without a trace (needs root)').action(
      async ({ name }: { name: string }, command: Command) => {
        await down(embeddedOptions(name));
        await show(name, command);
      },
    ),
  );
  return embedded;
}

async function show(name: string, command: Command): Promise<void> {
  const found = await status(embeddedOptions(name));
  outputOf(command).answer(found, () => describe(found));
}

function describe({ name, state, front, hosts, missing, system }: EmbeddedStatus): string {
  const at = front === null ? '' : `, ${front.url} in the namespace ${system?.front.netns ?? ''}`;
  return [
    `${name}: ${state}${at}`,
    ...(system?.bugs ?? []).map((bug) => `  seeded bug: ${bug}`),
    ...hosts.map(
      ({ name: host, replica }) =>
        `  ${host}: replica ${replica.healthy ? 'healthy' : 'not healthy'} (${replica.detail}), pid ${replica.pid ?? 'none'}`,
    ),
    ...missing.map((part) => `  missing: ${part}`),
  ].join('\n');
}
