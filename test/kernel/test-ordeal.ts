import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { withControl, type Control } from '../../cli/clients.ts';
import { Home } from '../../cli/home.ts';
import { LabAgents } from '../../cli/lab-agent.ts';
import { ordeal, startOrdeal, type Answer } from '../e2e/command-line.ts';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';

const portsOfUp = 6;
const endsWithinMs = 60_000;

/** An `ordeal up` of a test's own, in a directory of its own, for hosts of a lab alone, and its command line. */
export class TestOrdeal {
  readonly #directory: string;
  readonly #up: ReturnType<typeof startOrdeal>;

  private constructor(directory: string, up: ReturnType<typeof startOrdeal>) {
    this.#directory = directory;
    this.#up = up;
  }

  /** Resolves when it is up; where it does not come up, it has ended. */
  static async start(directory: string): Promise<TestOrdeal> {
    const up = startOrdeal(
      ['up', '--no-agent', '--port', String(await freePort(portsOfUp))],
      surroundings(directory),
    );
    const started = new TestOrdeal(directory, up);
    let said = '';
    for (const stream of [up.stdout, up.stderr]) {
      stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
    }
    try {
      await until('ordeal is up', () => said.includes('Ordeal is up') || started.#isOver);
      assert.ok(!started.#isOver, `ordeal up: ${said}`);
      return started;
    } catch (error) {
      await started.end();
      throw error;
    }
  }

  /** What makes its hosts of the machines of a lab. */
  async agents(progress: (line: string) => void): Promise<LabAgents> {
    return await LabAgents.prepare(new Home(homeIn(this.#directory)), undefined, progress);
  }

  /** What is asked again and again is asked from here: each `ordeal` is a program that starts, on the processors that emulate the machines. */
  async ask<Answer>(question: (control: Control) => Promise<Answer>): Promise<Answer> {
    return await withControl(question, new Home(homeIn(this.#directory)));
  }

  async run(...args: string[]): Promise<Answer> {
    return await ordeal(args, surroundings(this.#directory));
  }

  /** The answer of a verb as data; it has to succeed. */
  async json(...args: string[]): Promise<unknown> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(`ordeal ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
    return JSON.parse(stdout);
  }

  async end(): Promise<void> {
    if (this.#isOver) return;
    const exited = once(this.#up, 'exit');
    this.#up.kill('SIGTERM');
    const tooLong = setTimeout(() => this.#up.kill('SIGKILL'), endsWithinMs);
    await exited;
    clearTimeout(tooLong);
  }

  get #isOver(): boolean {
    return this.#up.exitCode !== null || this.#up.signalCode !== null;
  }
}

function homeIn(directory: string): string {
  return join(directory, 'home');
}

function surroundings(directory: string): Parameters<typeof ordeal>[1] {
  return { cwd: directory, env: { ORDEAL_HOME: homeIn(directory), NO_COLOR: '1' } };
}
