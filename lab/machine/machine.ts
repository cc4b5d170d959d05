import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { systemCode } from '../../errors/system-code.ts';
import { consoleTail } from './console.ts';
import { DetachedProcess } from './detached-process.ts';
import { GuestAgent } from './guest-agent.ts';
import { runInGuest, type CommandResult } from './guest-command.ts';
import { MachineFiles } from './machine-files.ts';
import type { MachineSpec } from './machine-spec.ts';
import { disksUnderTest, prepareDisks } from './disks.ts';
import { qemuArguments } from './qemu-arguments.ts';
import { askQemu } from './qmp.ts';

interface RunOptions {
  /** As on a machine that boots in `usualBootMs`; longer on a slower one. */
  readonly timeoutMs?: number;
  readonly input?: string | Buffer;
}

/** What a machine takes to boot with KVM; all waits are written down for such a one, and are longer as its boot was longer. */
const usualBootMs = 4_000;
/** The one wait that no measure scales: a boot takes 25 s under emulation on an idle machine. */
const bootWithinMs = 600_000;
const commandWithinMs = 60_000;
const answerWithinMs = 20_000;
/** An agent reverts its faults first. */
const stopWithinMs = 15_000;
const killWithinMs = 20_000;
const tailLines = 25;

/** One virtual machine: a process that outlives this one, and what can be done with it. */
export class Machine {
  readonly name: string;
  readonly files: MachineFiles;
  readonly bootMs: number;
  readonly #process: DetachedProcess;
  readonly #agent: GuestAgent;

  private constructor(name: string, files: MachineFiles, process: DetachedProcess, bootMs: number) {
    this.name = name;
    this.files = files;
    this.bootMs = bootMs;
    this.#process = process;
    this.#agent = new GuestAgent(files.sockets.guestAgent);
  }

  /** Resolves when everything in it has started; the disks that it does not have yet are made. Its `delivery` disk has to be there. */
  static async start(spec: MachineSpec): Promise<Machine> {
    const files = new MachineFiles(spec.directory);
    const ofItsLastBoot = [...Object.values(files.sockets), files.boot, files.log];
    for (const left of ofItsLastBoot) await rm(left, { force: true });
    // What a machine that died had to say is still there when it has been started again.
    if (existsSync(files.console)) await rename(files.console, `${files.console}.1`);
    await prepareDisks(spec.boots, files);
    const beganAt = Date.now();
    const process = await DetachedProcess.start({
      argv: ['qemu-system-x86_64', ...qemuArguments(spec)],
      log: files.log,
      file: files.process,
      endsWithItsStarter: spec.endsWithItsStarter ?? false,
    });
    const booting = new Machine(spec.name, files, process, bootWithinMs);
    await booting.#boot();
    const bootMs = Date.now() - beganAt;
    await writeFile(files.boot, `${JSON.stringify({ bootMs })}\n`);
    booting.close();
    return new Machine(spec.name, files, process, bootMs);
  }

  /** The machine of a directory, where it runs. */
  static async running(name: string, directory: string): Promise<Machine | undefined> {
    const files = new MachineFiles(directory);
    const process = await DetachedProcess.known(files.process);
    if (process === undefined || !(await process.isAlive())) return undefined;
    return new Machine(name, files, process, await readBootMs(files));
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Runs a program by its arguments, or a line of shell. */
  async run(command: readonly string[] | string, options: RunOptions = {}): Promise<CommandResult> {
    const argv = typeof command === 'string' ? ['sh', '-c', command] : command;
    const { input, timeoutMs = commandWithinMs } = options;
    return await this.#orDied(
      runInGuest(this.#agent, argv, {
        ...(input === undefined ? {} : { input }),
        timeoutMs: this.patienceMs(timeoutMs),
        answerMs: this.patienceMs(answerWithinMs),
      }),
    );
  }

  /** Runs what has to succeed; answers what it said. */
  async demand(command: readonly string[] | string, options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(command, options);
    if (code === 0) return stdout;
    const what = typeof command === 'string' ? command : command.join(' ');
    const said = [stdout, stderr].join('\n').trim();
    throw new OrdealError('COMMAND_FAILED', `on ${this.name}, "${what}" ended with ${code}: ${said}`);
  }

  async writeFile(path: string, content: string | Buffer): Promise<void> {
    await this.demand(['tee', '--', path], { input: content });
  }

  /** A wait that is written down for a machine that boots as usual, as long as this one needs it. */
  patienceMs(usualMs: number): number {
    return Math.round(usualMs * Math.max(1, this.bootMs / usualBootMs));
  }

  async isAlive(): Promise<boolean> {
    return await this.#process.isAlive();
  }

  async consoleTail(lines = tailLines): Promise<string> {
    return await consoleTail(this.files.console, lines);
  }

  /** Shuts it down from within; pulls the plug where that takes too long. */
  async stop(): Promise<void> {
    // It is on its way down by the time of the answer, which so may never come.
    await this.run(['systemctl', '--no-block', 'poweroff']).catch(() => undefined);
    await this.#process.hasEnded(this.patienceMs(stopWithinMs));
    await this.kill();
  }

  /** Ends it as a power cut does; nothing where it has ended. */
  async kill(): Promise<void> {
    this.close();
    // Told so, QEMU still writes what it holds of its disks. It may end before it has answered.
    const isTold = await askQemu(this.files.sockets.qmp, 'quit').then(
      () => true,
      (error: unknown) => systemCode(error) === 'HOST_LOST',
    );
    if (!isTold || !(await this.#process.hasEnded(killWithinMs))) {
      await this.#process.signal('SIGKILL');
      if (!(await this.#process.hasEnded(killWithinMs))) {
        throw new OrdealError('COMMAND_FAILED', `${this.name}, process ${this.pid}, does not end by SIGKILL`);
      }
    }
    await this.#process.forget();
  }

  /** Lets go of the machine without ending it. */
  close(): void {
    this.#agent.close();
  }

  async #boot(): Promise<void> {
    await this.#orDied(this.#agent.ask('guest-ping', {}, bootWithinMs));
    // As slow as a machine can be that still boots, it has all of `bootWithinMs` for each of these.
    const options = { timeoutMs: usualBootMs };
    // It also ends with a code where a unit has failed: that is for whoever needs the unit to say.
    await this.run(['systemctl', 'is-system-running', '--wait'], options);
    // The drivers of disks are loaded beside all that, and may still be looking for them.
    const areThere = disksUnderTest.map((disk) => `[ -b /dev/${disk} ]`).join(' && ');
    await this.demand(`until ${areThere}; do sleep 0.1; done; udevadm settle`, options);
  }

  /** What is asked of a machine fails as soon as that has died, and says so with its last words. */
  async #orDied<Answer>(asked: Promise<Answer>): Promise<Answer> {
    let isSettled = false;
    const watch = async (): Promise<void> => {
      while (!isSettled && (await this.isAlive())) await sleep(100);
    };
    const settled = asked.finally(() => (isSettled = true));
    settled.catch(() => undefined);
    await Promise.race([settled.catch(() => undefined), watch()]);
    if (await this.isAlive()) return await settled;
    this.close();
    throw await this.death();
  }

  async death(): Promise<OrdealError> {
    const said = [await readFile(this.files.log, 'utf8').catch(() => ''), await this.consoleTail()];
    const words = said.map((text) => text.trim()).filter((text) => text !== '');
    return new OrdealError(
      'MACHINE_DIED',
      `the machine ${this.name} has died; its console ends with:\n${words.join('\n')}`,
      {
        remedy: `The whole console is in ${this.files.console}; \`ordeal lab up\` starts the machine again.`,
      },
    );
  }
}

const bootSchema = z.object({ bootMs: z.number() });

async function readBootMs(files: MachineFiles): Promise<number> {
  const text = await readFile(files.boot, 'utf8').catch(() => undefined);
  // Still booting, or never came up: then it is as slow as can be.
  return text === undefined ? bootWithinMs : bootSchema.parse(JSON.parse(text)).bootMs;
}
