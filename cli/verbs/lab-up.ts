import { Option, type Command } from 'commander';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { kernelNames, type KernelName } from '../../lab/kernel/kernel-name.ts';
import { acceleratorChoices, type AcceleratorChoice } from '../../lab/machine/accelerator.ts';
import { Home } from '../home.ts';
import { LabAgents } from '../lab-agent.ts';
import { portOption } from '../ports.ts';
import { labOf, labVerb, showLab, type Named } from './lab-verb.ts';
import { outputOf } from './verb.ts';

interface UpOptions extends Named {
  readonly hosts?: string;
  readonly kernel?: KernelName;
  readonly accel: AcceleratorChoice;
  readonly port?: string;
}

export function labUpVerb(): Command {
  return labVerb('up', 'make the lab, or what is missing of it, and start the hosts that are off')
    .option('--hosts <number>', 'how many; of a lab that is there, as many as it has (of a new one: 1)')
    .addOption(
      new Option('--kernel <kernel>', "of Debian's kernels (of a new lab: 6.1)").choices(kernelNames),
    )
    .addOption(
      new Option('--accel <accelerator>', 'auto takes KVM where a kernel boots with it, else emulation')
        .choices(acceleratorChoices)
        .default('auto'),
    )
    .option(
      '--port <port>',
      'the --port of the `ordeal up` that the agents dial, where that does not run yet',
    )
    .action(async (options: UpOptions, command: Command) => {
      const output = outputOf(command);
      const progress = (line: string): void => output.say(line);
      const hosts = options.hosts === undefined ? undefined : count(options.hosts);
      const port = options.port === undefined ? undefined : portOption(options.port);
      const home = new Home();
      let agents: Promise<LabAgents> | undefined;
      await labOf(options.name).up({
        ...(hosts === undefined ? {} : { hosts }),
        ...(options.kernel === undefined ? {} : { kernel: options.kernel }),
        accelerator: options.accel,
        agentOf: async (host) => {
          agents ??= LabAgents.prepare(home, port, progress);
          return await (await agents).deliveryOf(host);
        },
        progress,
      });
      if (agents !== undefined) {
        const { controller } = (await agents).dialled;
        output.say(
          `agents dial ${controller}: the \`ordeal up\` of ${home.directory}, now or when it starts`,
        );
      }
      await showLab(options.name, command);
    });
}

function count(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new OrdealError('INVALID_INPUT', `--hosts is "${text}"; it has to be a number`);
}
