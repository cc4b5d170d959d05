import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { unpackedArchive } from '../../lab/delivery/archive.ts';
import type { Machine } from '../../lab/machine/machine.ts';
import { LoneMachine, progress } from './lone-machine.ts';

/** A fault that is brought and taken away on the machine, and the command by which it is looked at before, during and after. */
interface Step {
  readonly mechanism: string;
  readonly kind: 'disk' | 'nic' | 'container';
  readonly name: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly look: string;
  /** Run while the fault is active; what comes behind it is done by a set of injectors that knows the journal only. */
  readonly midway?: string;
}

const verification = z.object({ holds: z.boolean(), found: z.string().optional() });
const toldSchema = z.object({
  error: z.string().optional(),
  before: z.string().default(''),
  during: z.string().default(''),
  after: z.string().default(''),
  handles: z.number().default(-1),
  left: z.number().default(-1),
  applied: verification.optional(),
  clean: verification.optional(),
  reverted: z
    .object({ count: z.union([z.number(), z.literal('unknown')]), remark: z.string().optional() })
    .optional(),
});

/** What was seen of a step, or why it was refused. */
export type Told = z.infer<typeof toldSchema>;

const program = '/root/injectors.mjs';
const [steps, answers, errors, pid] = ['/run/steps', '/run/answers', '/run/errors', '/run/pid'];
/** To start Node is the longest of it, on an emulated processor. */
const stepWithinMs = 20_000;

/** Ordeal's own injectors at work on a machine, as they are built in dist/: one process that takes one step after the other. */
export class GuestInjectors {
  readonly #lone: LoneMachine;
  #asked = 0;

  private constructor(lone: LoneMachine) {
    this.#lone = lone;
  }

  /** `furniture` is a script that makes what the faults go to. */
  static async start(furniture: string, extraPackages: readonly string[] = []): Promise<GuestInjectors> {
    const archive = await unpackedArchive(progress);
    const source = await readFile(join(import.meta.dirname, 'guest/injectors.js'));
    // The archive is wanted, not the agent in it: without a certificate that one only tries, and it is stopped.
    const agent = { archive, controller: '10.0.2.2:1', nats: '10.0.2.2:1', certificates: {} };
    const lone = await LoneMachine.start({ agent, extraPackages }, async (machine) => {
      await machine.demand(`systemctl stop ordeal-agent; set -e; ${furniture}`);
      await machine.writeFile(program, source);
      await machine.demand(`
        mkfifo ${steps}
        setsid /opt/ordeal/runtime/node ${program} <> ${steps} > ${answers} 2> ${errors} & echo $! > ${pid}`);
    });
    return new GuestInjectors(lone);
  }

  get #machine(): Machine {
    return this.#lone.machine;
  }

  /** Takes a step; answers what was seen of it. One that takes too long fails, and so does each behind it. */
  async tell(step: Step): Promise<Told> {
    this.#asked += 1;
    const alive = `kill -0 $(cat ${pid}) 2> /dev/null || { cat ${errors} >&2; exit 1; }`;
    const input = `${JSON.stringify(step)}\n`;
    const said = await this.#machine
      .demand(
        `${alive}; cat > ${steps}
        until [ "$(wc -l < ${answers})" -ge ${this.#asked} ]; do ${alive}; sleep 0.1; done
        sed -n ${this.#asked}p ${answers}`,
        { input, timeoutMs: stepWithinMs },
      )
      .catch(async (error: unknown) => {
        await this.#machine.run(`echo 'a step before did not end' >> ${errors}; kill -KILL $(cat ${pid})`);
        throw error;
      });
    return toldSchema.parse(JSON.parse(said));
  }

  /** Takes a step that has to be applied, found, reverted, and to leave nothing. */
  async whole(step: Step): Promise<Told> {
    const told = await this.tell(step);
    assert.equal(told.error, undefined);
    assert.deepEqual(told.applied, { holds: true });
    assert.deepEqual(told.clean, { holds: true });
    assert.equal(told.left, 0);
    return told;
  }

  /** Removes the machine, and fails if its kernel has said anything alarming since it booted. */
  async end(): Promise<void> {
    try {
      await this.#lone.expectNoAlarm();
    } finally {
      await this.#lone.discard();
    }
  }
}

export function counted({ reverted }: Told): number {
  const { count } = reverted ?? { count: 'unknown' };
  assert.notEqual(count, 'unknown');
  return Number(count);
}
