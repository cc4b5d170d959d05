import { randomInt, randomUUID } from 'node:crypto';
import { Option, type Command } from 'commander';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { onRestarts, targetKinds, type OnRestart } from '../../injectors/target.ts';
import { isCellId } from '../../injectors/cell.ts';
import { withControl } from '../clients.ts';
import { exitCodes } from '../exit.ts';
import { injectionHead, injectionRow } from '../injection-line.ts';
import { modeOption, wholeNumber } from '../mode-option.ts';
import { table, type Output } from '../output.ts';
import { parametersOption } from '../parameters-option.ts';
import { targetOption } from '../target-option.ts';
import { allowSubstitute, durationOption, outputOf, verb } from './verb.ts';

interface Options {
  readonly mechanism?: string;
  readonly host: string;
  readonly target: string;
  readonly partOf?: string;
  readonly for: string;
  readonly with: string;
  readonly share?: string;
  readonly oneIn?: string;
  readonly burst?: string;
  readonly onRestart: OnRestart;
  readonly seed?: string;
  readonly allowSubstitute?: boolean;
}

/** A fault on an idle machine is there within a second. */
const slowMs = 2_000;

const whyItTakes = 'waiting until the fault is there; an emulated host takes ten seconds and more';
const whatFollows =
  'It ends by itself; then `ordeal injections --all` tells its effects. `ordeal stop ID` ends it before.';

export function injectVerb(): Command {
  return verb(
    'inject',
    'one fault, now, outside of any campaign, on all that is named at once; it ends by itself',
  )
    .argument('<cell>', 'a cell of the fault model, such as virtual.cpu.unavailability')
    .requiredOption('--host <pattern>', 'the host, or a pattern of hosts (nfvi-*)')
    .requiredOption(
      '--target <kind/name>',
      `what on it: ${targetKinds.join(', ')}, then its name or a pattern (container/web); the name alone where the cell tells the kind`,
    )
    .option(
      '--part-of <element>',
      'only what shares this with others, as `ordeal hosts` shows it ("wwn naa.5000c500a1b2c3d4", "iscsi iqn..", "bridge br0"): with --host "*" --target "disk/*", a disk of several hosts',
    )
    .requiredOption('--for <duration>', 'how long; there is no fault without an end')
    .option(
      '--mechanism <name>',
      'by default the first that serves the cell, never a substitute; "kernel" is the kernel module\'s own for it, "noop" a placebo; `ordeal faults <cell>` lists them',
    )
    .option(...allowSubstitute)
    .option(
      '--with <parameters>',
      "the mechanism's, as in a campaign file: '{ delay: 300ms }'; `ordeal faults <mechanism>` tells them",
      '{}',
    )
    .option('--share <percent>', 'touch only this share of transfers, such as 30%')
    .option('--one-in <n>', 'touch one transfer in so many')
    .option(
      '--burst <on/off>',
      'touch all transfers for a time, then none for a time (200ms/800ms), again and again',
    )
    .addOption(
      new Option(
        '--on-restart <what>',
        'when the container goes before the fault is over: end with it, or follow to the one that takes its place',
      )
        .choices(onRestarts)
        .default('end'),
    )
    .option('--seed <number>', 'repeat the choices of an earlier injection')
    .action(async (cell: string, options: Options, command: Command) => {
      const request = requestOf(cell, options);
      const output = outputOf(command);
      const { injections } = await toldWhenSlow(
        output,
        withControl(async (control) => await control.inject(request)),
      );
      output.answer(injections, () => table(injectionHead, injections.map(injectionRow)));
      if (!output.json && injections.some(({ state }) => state === 'active')) output.say(whatFollows);
      if (injections.some(({ state }) => state !== 'active' && state !== 'ended'))
        process.exitCode = exitCodes.notCompleted;
    });
}

/** To people; a program waits without being told to. */
async function toldWhenSlow<Answer>(output: Output, answer: Promise<Answer>): Promise<Answer> {
  const tell = (): void => {
    if (!output.json) output.say(whyItTakes);
  };
  const timer = setTimeout(tell, slowMs);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}

function requestOf(cell: string, options: Options) {
  if (!isCellId(cell)) {
    throw new OrdealError('INVALID_INPUT', `"${cell}" is not a cell of the fault model`, {
      remedy: '`ordeal faults` lists the 24 cells.',
    });
  }
  return {
    requestId: randomUUID(),
    cell,
    mechanism: options.mechanism ?? '',
    allowSubstitute: options.allowSubstitute ?? false,
    host: options.host,
    ...targetOption(options.target, cell, options.host),
    partOf: options.partOf ?? '',
    parameters: parametersOption(options.with),
    mode: modeOption(options),
    durationUs: durationOption('--for', options.for, 1_000),
    onRestart: options.onRestart,
    seed: options.seed === undefined ? randomInt(2 ** 31) : wholeNumber('--seed', options.seed, 0),
  };
}
