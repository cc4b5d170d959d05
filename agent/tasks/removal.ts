import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Staged } from '../stage.ts';
import { takeAway, type Because, type TakenAway } from '../take-away.ts';
import type { TaskRun } from './task-run.ts';

/** The end of one fault, and that of it on each instance of its target that it has met. */
export class Removal {
  readonly #run: TaskRun;
  #stuck: OrdealError | undefined;

  constructor(run: TaskRun) {
    this.#run = run;
  }

  /** The first time that something could not be taken away at once: then it has not ended as it should. */
  get stuck(): OrdealError | undefined {
    return this.#stuck;
  }

  /** To the proof that nothing is left of it; without a reason where it never began, or goes on elsewhere. */
  async of({ entry, injector }: Staged, because?: Because, remark?: string): Promise<TakenAway> {
    const { bench, orders, say } = this.#run;
    let stuck: OrdealError | undefined;
    const onStuck = (error: OrdealError): void => {
      stuck ??= error;
      const { code, message } = error;
      say({ state: 'STUCK', error: { code, message }, found: [message] });
    };
    const pause = async (ms: number): Promise<void> => await orders.pause(ms);
    const why = remark === undefined ? {} : { remark };
    const taken = await takeAway({ entry, injector, because, ...why, pause, onStuck }, bench);
    if (stuck !== undefined) {
      const message = `it was taken away only at try ${taken.tries}: ${stuck.message}`;
      this.#stuck ??= new OrdealError('REVERT_FAILED', message);
    }
    return taken;
  }
}
