import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../events/event.ts';
import type { Killed } from '../kills/killed-campaign.ts';
import type { OrdealUp } from '../kills/ordeal-up.ts';

interface Run {
  readonly commit: string;
  readonly seed: number;
}

/** The report, the tables of the measures, and what happened, without events and samples: those are too large to be kept here. */
export async function keep(directory: string, up: OrdealUp, killed: Killed, run: Run): Promise<void> {
  await mkdir(directory, { recursive: true });
  const saved = join(up.runs, killed.id);
  for (const file of ['report.html', 'campaign.yaml'])
    await copyFile(join(saved, file), join(directory, file));
  for (const table of ['trials', 'groups']) {
    const { stdout } = await up.ordeal('report', saved, '--csv', table);
    await writeFile(join(directory, `${table}.csv`), stdout);
  }
  await writeFile(join(directory, 'README.md'), document(killed, run));
}

function document(killed: Killed, { commit, seed }: Run): string {
  const { id, trials, accounted, attempts, unknown, wrong, residue, kills, events } = killed;
  const ended = new Date((events.at(-1)?.wallUs ?? 0) / 1000).toISOString().slice(0, 10);
  const tookMinutes = Math.round(((events.at(-1)?.wallUs ?? 0) - (events[0]?.wallUs ?? 0)) / 60e6);
  const [processor] = cpus();
  return [
    '# A campaign of 180 trials',
    'Written by `npm run test:campaign`; do not edit. [campaigns/embedded.yaml](../../../campaigns/embedded.yaml) on the embedded target, to its end, while the controller, the metrics service, the nats-server and the agents got kill -9 at random instants.',
    `- Campaign ${id}, ${ended}, commit ${commit}, ${tookMinutes} minutes, ${cpus().length} cores (${processor?.model ?? 'unknown'}), Linux ${release()}, Node ${process.version}.`,
    `- ${accounted} of ${trials} trials are accounted for once: in the events, in the saved run and on the record of the controller, with the ids, the order, the seeds and the faults of the plan that was shown before the run. There were ${attempts} attempts; ${unknown} trials are without a verdict.`,
    `- ${wrong.length === 0 ? 'Nothing does not add up.' : `What does not add up: ${wrong.join('; ')}.`} ${residue.length === 0 ? 'Nothing was left on the hosts.' : `Left on the hosts: ${residue.join('; ')}.`}`,
    `- ${kills.length} kills, by the seed ${seed}:`,
    ['| at (UTC) | killed | during |', '| --- | --- | --- |', ...kills.map((kill) => row(kill, events))].join(
      '\n',
    ),
    'The [report](report.html), and its measures by [trial](trials.csv) and by [group](groups.csv). The numbers of this machine say little of others: what is shown is that the campaign came through.',
    '',
  ].join('\n\n');
}

function row({ victim, atMs }: Killed['kills'][number], events: readonly Event[]): string {
  const steps = events.filter(({ body, wallUs }) => body.kind === 'trial.step' && wallUs / 1000 <= atMs);
  const last = steps.at(-1);
  const during =
    last?.body.kind === 'trial.step'
      ? `${last.trial ?? ''}, attempt ${last.attempt ?? 0}, ${last.body.step}`
      : '';
  return `| ${new Date(atMs).toISOString().slice(11, 19)} | ${victim} | ${during} |`;
}
