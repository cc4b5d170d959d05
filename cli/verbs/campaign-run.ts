import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { readCampaignText } from '../campaign-text.ts';
import { withControl } from '../clients.ts';
import { watch } from '../watch.ts';
import { allowSubstitute, outputOf, verb } from './verb.ts';

interface Options {
  readonly detach?: boolean;
  readonly allowSubstitute?: boolean;
}

export function campaignRunVerb(): Command {
  return verb(
    'run',
    'run a campaign and watch it to its end; exit code 0 says that the SLO was met, 1 that it was not',
  )
    .argument('<file>', 'the campaign file')
    .option('--detach', 'start it and return')
    .option(...allowSubstitute)
    .action(async (file: string, options: Options, command: Command) => {
      const { detach } = options;
      const output = outputOf(command);
      const request = { file: await readCampaignText(file, options), requestId: randomUUID() };
      const campaign = await withControl(async (control) => await control.runCampaign(request));
      if (detach === true) {
        output.answer(
          campaign,
          () => `${campaign.id}\nFollow it with \`ordeal campaign watch ${campaign.id}\`.`,
        );
        return;
      }
      output.say(
        `campaign ${campaign.id}; Ctrl-C leaves it running, \`ordeal campaign abort ${campaign.id}\` ends it`,
      );
      process.exitCode = await watch(campaign.id, 0, output);
    });
}
