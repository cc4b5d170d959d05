import { descriptorOf } from '../../injectors/catalogue.ts';
import type { CellResult, PlaceboResult } from './cell-result.ts';
import { endWithoutAgent } from './deaths.ts';
import { withoutAgent, wordsOf, wrongIn } from './judgement.ts';
import { companies, nameOf, type Proof } from './proof.ts';
import { prove, type Part, type Tried } from './prove.ts';
import type { Stage } from './stage.ts';

/** Of what run it is: the same for all proofs of it. */
type Run = Pick<CellResult, 'day' | 'commit' | 'release'>;

interface Options {
  readonly say: (line: string) => void;
  readonly run: Run;
}

/** Tries proofs on one stage, company by company. */
export class Session {
  readonly #stage: Stage;
  readonly #run: Run;
  readonly #say: (line: string) => void;

  constructor(stage: Stage, { run, say }: Options) {
    this.#stage = stage;
    this.#run = run;
    this.#say = say;
  }

  /** Tells of each proof when all of its company have been tried. */
  async proofs(all: readonly Proof[], tell: (result: CellResult) => Promise<void>): Promise<void> {
    for (const company of companies) {
      const parts = await this.#set(all.filter((proof) => proof.company === company));
      if (parts.length > 0) for (const result of await this.#prove(parts)) await tell(result);
    }
  }

  /** The same with a placebo, which has to be seen by nobody. */
  async placebos(all: readonly Proof[], tell: (result: PlaceboResult) => Promise<void>): Promise<void> {
    for (const company of companies) {
      const parts = await this.#set(all.filter((proof) => proof.company === company));
      if (parts.length === 0) continue;
      for (const proved of await prove(this.#stage, parts, this.#tried, true)) {
        const { cell, on, mechanism } = proved.proof;
        const fails = wrongIn(proved).includes('the victim saw no effect');
        await tell({ cell, on, mechanism, seen: proved.victim.during.words, fails, ...this.#run });
      }
    }
  }

  async #set(all: readonly Proof[]): Promise<Part[]> {
    const parts: Part[] = [];
    for (const proof of all) {
      this.#say(`sets ${nameOf(proof)}`);
      const scene = await proof.set(this.#stage).catch((error: unknown) => this.#cannot(proof, error));
      if (scene !== undefined) parts.push({ proof, scene });
    }
    await this.#stage.isKnown();
    return parts;
  }

  async #prove(parts: readonly Part[]): Promise<CellResult[]> {
    this.#say(`tries ${parts.map(({ proof }) => nameOf(proof)).join(', ')}`);
    const all = await prove(this.#stage, parts, this.#tried);
    const lasting = all.filter(({ proof }) => descriptorOf(proof.mechanism)?.oneShot === false);
    const deaths = lasting.length === 0 ? [] : await endWithoutAgent(this.#stage, lasting);
    return all.map((proved) => {
      const end = withoutAgent(deaths[lasting.indexOf(proved)]);
      const wrong = [...wrongIn(proved), ...end.wrong];
      return { ...wordsOf(proved), ...end, wrong, ...this.#run };
    });
  }

  readonly #tried: Tried = async ({ proof }, work) =>
    await work().catch((error: unknown) => this.#cannot(proof, error));

  /** What cannot be tried is told, and is no result: its row stays as it was. */
  #cannot(proof: Proof, error: unknown): undefined {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#say(`${nameOf(proof)} could not be tried: ${why}`);
  }
}
