import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KernelName } from '../../lab/kernel/kernel-name.ts';
import { KeptResults } from '../matrix/kept-results.ts';
import type { CellResult, PlaceboResult } from './cell-result.ts';
import { cellsDocument } from './cells-document.ts';
import {
  cellsResultsSchema,
  noResults,
  ofProofs,
  type CellsResults,
  type ResultsOfKernel,
} from './cells-results.ts';
import { nameOf } from './proof.ts';
import { withSeenLines } from './seen-lines.ts';

/** What is kept in a checkout of the proofs on one kernel, and what docs/fault-model.md says of it. */
export class KeptCells {
  readonly #kept: KeptResults<CellsResults>;
  readonly #faultModel: string;
  readonly #kernel: KernelName;
  readonly #names: readonly string[];
  #results = noResults;

  /** Of other proofs than those with these names, nothing is kept. */
  constructor(checkout: string, kernel: KernelName, names: readonly string[]) {
    this.#kept = new KeptResults(
      join(checkout, 'docs/results/cells.json'),
      cellsResultsSchema,
      cellsDocument,
    );
    this.#faultModel = join(checkout, 'docs/fault-model.md');
    this.#kernel = kernel;
    this.#names = names;
  }

  /** As of the last that was added. */
  get results(): ResultsOfKernel {
    return this.#results;
  }

  async addProof(result: CellResult): Promise<void> {
    await this.#change(({ proofs, ...others }) => ({
      ...others,
      proofs: { ...proofs, [nameOf(result)]: result },
    }));
  }

  async addPlacebo(result: PlaceboResult): Promise<void> {
    await this.#change(({ placebos, ...others }) => ({
      ...others,
      placebos: { ...placebos, [nameOf(result)]: result },
    }));
  }

  async #change(change: (results: ResultsOfKernel) => ResultsOfKernel): Promise<void> {
    let all: CellsResults = {};
    await this.#kept.change((before) => {
      this.#results = ofProofs(change(before[this.#kernel] ?? noResults), this.#names);
      all = { ...before, [this.#kernel]: this.#results };
      return all;
    });
    await writeFile(this.#faultModel, withSeenLines(await readFile(this.#faultModel, 'utf8'), all));
  }
}
