import { fileURLToPath } from 'node:url';
import { killsFrom } from '../kills/kills.ts';
import { runKilled } from '../kills/killed-campaign.ts';
import { OrdealUp } from '../kills/ordeal-up.ts';
import { testedCommit } from '../matrix/tested-commit.ts';
import { keep } from './kept-result.ts';

/*
 * npm run test:campaign: campaigns/embedded.yaml, all 180 trials of it, while ten processes of Ordeal are killed. It fails where a trial is not accounted for once,
 * in the order of the plan, or where something is left on a host. What came of it is kept in docs/results/campaign-of-180.
 */

const seed = 2026;
const kills = 10;
/** So that the last of ten comes well before the last of 180 trials of a quarter of a minute each. */
const gap = { fromMs: 60_000, toMs: 300_000 };

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const commit = await testedCommit(checkout);
process.stdout.write(`seed of the kills: ${seed}\n`);
// The campaign names the files in which this embedded target writes its logs.
const up = await OrdealUp.start('embedded');
try {
  const killed = await runKilled(up, `${checkout}campaigns/embedded.yaml`, killsFrom(seed, gap), kills);
  await keep(`${checkout}docs/results/campaign-of-180/`, up, killed, { commit, seed });
  const { trials, accounted, wrong, residue } = killed;
  process.stdout.write(`${accounted} of ${trials} trials accounted for, ${killed.kills.length} kills\n`);
  for (const line of [...wrong, ...residue]) process.stdout.write(`${line}\n`);
  if (wrong.length + residue.length > 0 || killed.kills.length < kills) process.exitCode = 1;
} finally {
  await up.end();
}
