import { Command, CommanderError } from 'commander';
import { exitCodes, failure } from './exit.ts';
import { campaignVerbs } from './verbs/campaign.ts';
import { certificateVerb } from './verbs/certificate.ts';
import { compareVerb } from './verbs/compare.ts';
import { doctorVerb } from './verbs/doctor.ts';
import { embeddedVerbs } from './verbs/embedded.ts';
import { faultsVerb } from './verbs/faults.ts';
import { hostsVerb } from './verbs/hosts.ts';
import { importVerbs } from './verbs/import.ts';
import { injectVerb } from './verbs/inject.ts';
import { injectionsVerb } from './verbs/injections.ts';
import { labVerbs } from './verbs/lab.ts';
import { measureVerb } from './verbs/measure.ts';
import { agentVerb, controllerVerb, metricsVerb } from './verbs/processes.ts';
import { reportVerb } from './verbs/report.ts';
import { scheduleVerbs } from './verbs/schedule.ts';
import { stopVerb } from './verbs/stop.ts';
import { upVerb } from './verbs/up.ts';
import { version } from '../service/version.ts';

const program = new Command('ordeal')
  .description('A dependability benchmark for NFV infrastructure.')
  .version(version())
  .showSuggestionAfterError()
  .exitOverride()
  .addHelpText(
    'after',
    `
Exit codes: ${exitCodes.met} the SLO was met; ${exitCodes.notMet} it was not; ${exitCodes.wrongUse} wrong use or input, nothing was started; ${exitCodes.notCompleted} the run could not be completed.
State is kept in .ordeal below the current folder; ORDEAL_HOME names another place.`,
  );

for (const verb of [
  upVerb(),
  embeddedVerbs(),
  labVerbs(),
  campaignVerbs(),
  scheduleVerbs(),
  injectVerb(),
  injectionsVerb(),
  stopVerb(),
  faultsVerb(),
  hostsVerb(),
  doctorVerb(),
  certificateVerb(),
  reportVerb(),
  measureVerb(),
  compareVerb(),
  importVerbs(),
  controllerVerb(),
  agentVerb(),
  metricsVerb(),
]) {
  program.addCommand(inherit(verb));
}

try {
  await program.parseAsync();
} catch (error) {
  // Commander has already said what was wrong; a call for help or for the version is no error.
  process.exitCode =
    error instanceof CommanderError
      ? error.exitCode === 0
        ? exitCodes.met
        : exitCodes.wrongUse
      : failure(error, process.argv.includes('--json'));
}

/** Settings that commander does not hand down to a command made elsewhere. */
function inherit(command: Command): Command {
  command.exitOverride().showSuggestionAfterError();
  command.commands.forEach((sub) => inherit(sub));
  return command;
}
