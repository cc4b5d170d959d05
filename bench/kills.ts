import { killsFrom, type Kill } from '../test/kills/kills.ts';
import { runKilled, type Killed } from '../test/kills/killed-campaign.ts';
import { OrdealUp } from '../test/kills/ordeal-up.ts';
import { sequentialCampaign, smallCampaign } from '../test/kills/small-campaign.ts';
import type { Benchmark, Figure } from './benchmark.ts';

const seed = 20_261_130;
const instants = 200;
const killsPerCampaign = 40;
/** A machine on which a campaign takes many minutes is not kept for hours: what was not killed by then is told. */
const begunWithinMs = 25 * 60_000;
const gap = { fromMs: 300, toMs: 7_000 };

/** Whether campaigns come through the sudden death of everything that runs them. */
export const kills: Benchmark = {
  name: 'kills',
  title: 'Campaigns whose processes are killed',
  method:
    `\`ordeal up\` with the embedded target runs one campaign of four trials of 8 s after the other (a golden run, and a fault of each of three mechanisms; every second one repeats one fault in sequential mode). Meanwhile the controller, the metrics service, the nats-server or one of the three agents gets kill -9, ` +
    `${gap.fromMs / 1000} to ${gap.toMs / 1000} s after the one before, ${killsPerCampaign} times a campaign at the most, ${instants} times in all, but no campaign begins after ${begunWithinMs / 60_000} minutes; who and when comes from the seed ${seed}. What was killed is started again by \`ordeal up\`, an agent by its guardian. ` +
    'After each campaign every trial of its plan has to stand in the events, in the saved run and on the record of the controller, once each and in the order of the plan, with the plan of before; and on the hosts nothing may be that was not there before: in nftables, queues and cgroups, among the processes, in the journals.',
  async run(place) {
    process.stdout.write(`  seed ${seed}\n`);
    const up = await OrdealUp.start(`kills-${process.pid}`);
    place.after(async () => await up.end());
    const series = killsFrom(seed, gap);
    const campaigns: Killed[] = [];
    const lastBeginsMs = Date.now() + begunWithinMs;
    for (
      let left = instants;
      left > 0 && Date.now() < lastBeginsMs;
      left = instants - done(campaigns).length
    ) {
      const number = campaigns.length + 1;
      const campaign = number % 2 === 0 ? sequentialCampaign : smallCampaign;
      const file = await up.file(`kills-${number}.yaml`, campaign(up.system, `kills-${number}`, number));
      const killed = await runKilled(up, file, series, Math.min(left, killsPerCampaign));
      campaigns.push(killed);
      process.stdout.write(`${told(killed)}\n`);
    }
    return figures(campaigns);
  },
};

function figures(campaigns: readonly Killed[]): Figure[] {
  const sum = (of: (killed: Killed) => number): number =>
    campaigns.reduce((total, killed) => total + of(killed), 0);
  const [trials, accounted] = [sum((killed) => killed.trials), sum((killed) => killed.accounted)];
  const wrong = sum(({ wrong: found }) => found.length);
  const residue = sum((killed) => killed.residue.length);
  return [
    {
      what: 'kill -9 at random instants',
      found: `${done(campaigns).length}, in ${campaigns.length} campaigns`,
      aim: { text: `${instants}`, isMet: done(campaigns).length === instants },
      note: byVictim(done(campaigns)),
    },
    {
      what: 'trials that are accounted for once',
      found: `${accounted} of ${trials}`,
      aim: { text: 'all', isMet: accounted === trials && wrong === 0 },
      note: `${sum((killed) => killed.attempts)} attempts; ${sum((killed) => killed.unknown)} trials have no verdict: every attempt at them failed or was broken`,
    },
    {
      what: 'campaigns with the plan of before, in its order, completed',
      found: `${campaigns.filter((killed) => killed.wrong.length === 0).length} of ${campaigns.length}`,
      aim: { text: 'all', isMet: wrong === 0 },
    },
    { what: 'residue on hosts', found: String(residue), aim: { text: 'none', isMet: residue === 0 } },
  ];
}

function byVictim(kills_: readonly Kill[]): string {
  const counts = new Map<string, number>();
  for (const { victim } of kills_) counts.set(victim, (counts.get(victim) ?? 0) + 1);
  return [...counts]
    .sort()
    .map(([victim, times]) => `${victim} ${times}`)
    .join(', ');
}

function done(campaigns: readonly Killed[]): Kill[] {
  return campaigns.flatMap((killed) => killed.kills);
}

function told({ id, kills: those, trials, accounted, attempts, wrong, residue }: Killed): string {
  const head = `  ${id}: ${those.length} kills, ${accounted} of ${trials} trials, ${attempts} attempts`;
  return [
    head,
    ...wrong.map((line) => `    wrong: ${line}`),
    ...residue.map((line) => `    residue: ${line}`),
  ].join('\n');
}
