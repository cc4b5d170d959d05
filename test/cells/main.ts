import { fileURLToPath } from 'node:url';
import { AgentBed } from '../kernel/agent-bed.ts';
import { testedCommit } from '../matrix/tested-commit.ts';
import { askedCells } from './asked-cells.ts';
import { KeptCells } from './kept-cells.ts';
import { nameOf } from './proof.ts';
import { proofs } from './proofs.ts';
import { Session } from './session.ts';
import { shownPlacebos, shownProofs } from './shown.ts';
import { Stage } from './stage.ts';
import { isWhole } from './tally.ts';

/*
 * npm run test:cells [-- <cell>...] [host|container|vm ...] [--kernel 6.12] [--placebo]: every cell of the fault model in a lab of its own, as its victim sees it. What came of each is
 * kept in docs/results/cells.md. It fails where a row of the fault model is missing or does not hold; with a placebo, where a proof holds all the same.
 */

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const { cells, on, kernel, isPlacebo } = askedCells(process.argv.slice(2));
const asked = proofs.filter((proof) => cells.includes(proof.cell) && on.includes(proof.on));
const kept = new KeptCells(checkout, kernel, proofs.map(nameOf));
const say = (line: string): void => void process.stderr.write(`# ${line}\n`);
let told = 0;

const commit = await testedCommit(checkout);
const bed = await AgentBed.start({ cpus: 2, hosts: 2, kernel });
try {
  const release = (await bed.machine.demand(['uname', '-r'])).trim();
  const run = { day: new Date().toISOString().slice(0, 10), commit, release };
  const session = new Session(await Stage.in(bed), { run, say });
  if (isPlacebo)
    await session.placebos(asked, async (result) => {
      told += 1;
      await kept.addPlacebo(result);
    });
  else
    await session.proofs(asked, async (result) => {
      told += 1;
      await kept.addProof(result);
    });
} finally {
  await bed.end();
}
process.stdout.write(`${isPlacebo ? shownPlacebos(kept.results) : shownProofs(kept.results)}\n`);
if (told < asked.length || !isWhole(kept.results, isPlacebo)) process.exitCode = 1;
