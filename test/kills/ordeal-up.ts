import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withControl } from '../../cli/clients.ts';
import { embeddedOptions } from '../../cli/embedded-place.ts';
import { Home } from '../../cli/home.ts';
import type { EmbeddedSystem } from '../../embedded/layout.ts';
import { down, status } from '../../embedded/system.ts';
import type { Campaign__Output } from '../../proto/generated/ordeal/v1/Campaign.ts';
import { ordeal, startOrdeal, type Answer } from '../e2e/command-line.ts';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';

/** `ordeal up --embedded` as a user has it, in a folder of its own: what of it is killed it starts again by itself. */
export class OrdealUp {
  readonly directory: string;
  readonly name: string;
  readonly system: EmbeddedSystem;
  readonly #process: ReturnType<typeof startOrdeal>;

  private constructor(
    directory: string,
    name: string,
    system: EmbeddedSystem,
    process: ReturnType<typeof startOrdeal>,
  ) {
    this.directory = directory;
    this.name = name;
    this.system = system;
    this.#process = process;
  }

  /** `name` is that of the embedded target, beside which others may stand. */
  static async start(name: string): Promise<OrdealUp> {
    const directory = await mkdtemp(join(tmpdir(), 'ordeal-e2e-'));
    const port = String(await freePort(6));
    const up = startOrdeal(['up', '--port', port, '--embedded', name], surroundingsIn(directory));
    let said = '';
    for (const stream of [up.stdout, up.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    }
    await until('ordeal up says that it is up', () => said.includes('Ordeal is up') || up.exitCode !== null);
    const { system } = await status(embeddedOptions(name));
    if (up.exitCode !== null || system === null) throw new Error(`ordeal up did not come up:\n${said}`);
    return new OrdealUp(directory, name, system, up);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get runs(): string {
    return join(this.directory, 'runs');
  }

  /** The intents that the agents have on their disks, as `host/file`. */
  async journals(): Promise<string[]> {
    const home = join(this.directory, 'home');
    const agents = (await readdir(home)).filter((folder) => folder.startsWith('agent-'));
    const entries = agents.map(async (agent) => {
      const files = await readdir(join(home, agent, 'journal')).catch(() => []);
      return files.map((file) => `${agent.slice('agent-'.length)}/${file}`);
    });
    return (await Promise.all(entries)).flat();
  }

  async file(name: string, text: string): Promise<string> {
    const path = join(this.directory, name);
    await writeFile(path, text);
    return path;
  }

  async ordeal(...args: string[]): Promise<Answer> {
    return await ordeal(args, surroundingsIn(this.directory));
  }

  /** The answer of a verb as data, asked again while what it asks is just being started again. */
  async json(...args: string[]): Promise<unknown> {
    let text = '';
    await until(
      `ordeal ${args.join(' ')} succeeds`,
      async () => {
        const { code, stdout, stderr } = await this.ordeal(...args, '--json');
        if (code !== 0) throw new Error(`it ended with ${code}: ${stderr}`);
        text = stdout;
        return true;
      },
      500,
    );
    return JSON.parse(text);
  }

  /** What the controller has on record of a campaign; asked without a process of its own, since it is asked often. */
  async campaign(id: string): Promise<Campaign__Output> {
    let found: Campaign__Output | undefined;
    await until(
      `the controller tells of ${id}`,
      async () => {
        const home = new Home(join(this.directory, 'home'));
        const { campaigns } = await withControl(async (control) => await control.listCampaigns({}), home);
        found = campaigns.find((campaign) => campaign.id === id);
        return found !== undefined;
      },
      500,
    );
    if (found === undefined) throw new Error(`there is no campaign ${id}`);
    return found;
  }

  /** All of it goes, the embedded target too. */
  async end(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGTERM');
      const tooLong = setTimeout(() => this.#process.kill('SIGKILL'), 60_000);
      await ended;
      clearTimeout(tooLong);
    }
    await down(embeddedOptions(this.name));
    await rm(this.directory, { recursive: true, force: true });
  }
}

function surroundingsIn(directory: string): Parameters<typeof ordeal>[1] {
  return { cwd: directory, env: { ORDEAL_HOME: join(directory, 'home'), NO_COLOR: '1' } };
}
