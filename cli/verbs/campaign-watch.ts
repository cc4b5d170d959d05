import type { Command } from 'commander';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { watch } from '../watch.ts';
import { outputOf, verb } from './verb.ts';

export function campaignWatchVerb(): Command {
  return verb('watch', 'what happens in a campaign, until it has ended; with the exit code of its verdict')
    .argument('<id>', 'the campaign')
    .option('--from <sequence>', 'go on after an earlier watch: the sequence after the last one seen', '0')
    .action(async (id: string, { from }: { from: string }, command: Command) => {
      if (!/^\d{1,15}$/.test(from)) {
        throw new OrdealError(
          'INVALID_INPUT',
          `--from is "${from}"; it has to be a sequence number, as \`campaign watch --json\` shows`,
        );
      }
      process.exitCode = await watch(id, Number(from), outputOf(command));
    });
}
