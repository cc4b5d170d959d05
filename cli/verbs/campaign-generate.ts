import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { compile } from '../../campaign/compile.ts';
import { readAsked, type AskedTexts } from '../../campaign/generate/asked.ts';
import { generateCampaign, type Surroundings } from '../../campaign/generate/generate.ts';
import { inventoryOf } from '../../campaign/inventory.ts';
import { reachOfPlan } from '../../campaign/reach.ts';
import { readCampaign } from '../../campaign/read.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { systemCode } from '../../errors/system-code.ts';
import type { Host__Output } from '../../proto/generated/ordeal/v1/Host.ts';
import { readBaseText } from '../campaign-text.ts';
import { withControl } from '../clients.ts';
import { planSummary } from '../plan-summary.ts';
import { allowSubstitute, outputOf, verb } from './verb.ts';

interface Options extends AskedTexts {
  readonly from: string;
  readonly output?: string;
  readonly force?: boolean;
  readonly allowSubstitute?: boolean;
}

export function campaignGenerateVerb(): Command {
  return verb(
    'generate',
    'write a campaign file with a faultload from the inventory: each cell on each resource that a mechanism serves, on the hosts that are here now',
  )
    .requiredOption(
      '--from <file>',
      'a campaign file that says all else; its faults say how those of their cell are',
    )
    .option('-o, --output <file>', 'where to write it; by default it is printed')
    .option('--force', 'write over a file that is there')
    .option('--cell <pattern...>', 'only these cells of the fault model ("physical.*")')
    .option('--root-cause <cause...>', 'only faults with these causes: hw, sw, op')
    .option('--host <pattern...>', 'only on these hosts ("nfvi-*")')
    .option('--target <kind/name...>', 'only on these targets ("nic/eth*", "container/web", "element/*")')
    .option(
      '--weight <what=number...>',
      'how much faults of a root cause or of cells count (hw=3, "virtual.*=0.5")',
    )
    .option(...allowSubstitute)
    .action(async (options: Options, command: Command) => {
      const { from, output: file, force = false } = options;
      const substitutes = { allowSubstitute: options.allowSubstitute ?? false };
      const asked = readAsked(options);
      const base = { text: await readBaseText(from), name: from };
      const { hosts } = await withControl(async (control) => await control.listHosts({}));
      const surroundings = surroundingsOf(hosts);
      const generated = generateCampaign(base, surroundings, asked, substitutes);
      const { text, faults, leftOut } = generated;
      const plan = compile(
        readCampaign(text, file ?? 'the generated file', substitutes),
        surroundings.inventory,
      );
      if (file !== undefined) await write(file, text, force);
      const { trials, estimateUs, warnings } = plan;
      const reach = reachOfPlan(trials);
      const summary = [
        ...planSummary({
          name: plan.name,
          seed: plan.seed,
          trials: trials.length,
          estimateUs,
          warnings,
          reach,
        }),
        `${faults.length} faults; left out: ${leftOut.length === 0 ? 'nothing' : `${leftOut.length}, which the file lists`}`,
      ];
      const answer = { faults: faults.length, trials: trials.length, estimateUs, reach, warnings, leftOut };
      const output = outputOf(command);
      if (file === undefined && !output.json) output.say(summary.join('\n'));
      output.answer(file === undefined ? { ...answer, text } : { file, ...answer }, () =>
        file === undefined ? text.trimEnd() : [`${file} is written.`, ...summary].join('\n'),
      );
    });
}

function surroundingsOf(hosts: readonly Host__Output[]): Surroundings {
  const unusable = new Map<string, string>();
  for (const { name, connected, quarantinedBecause } of hosts) {
    if (!connected) unusable.set(name, 'is out of reach');
    else if (quarantinedBecause.length > 0)
      unusable.set(name, `is quarantined: ${quarantinedBecause.join('; ')}`);
  }
  const here = hosts.filter(({ connected }) => connected);
  return { inventory: here.map((host) => inventoryOf(host.name, host)), unusable };
}

async function write(file: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    const isThere = systemCode(cause) === 'EEXIST';
    const why = isThere ? 'is there already' : `cannot be written: ${OrdealError.from(cause).message}`;
    throw new OrdealError('INVALID_INPUT', `${file} ${why}`, {
      cause,
      remedy: isThere
        ? 'Name another file, or give --force to write over it.'
        : 'Name a file in a folder that you can write to.',
    });
  }
}
