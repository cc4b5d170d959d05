import { chmod, cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../command/run.ts';
import { makeExt4 } from '../image/ext4.ts';
import { dataMac, managementMac } from '../machine/qemu-arguments.ts';

/** What makes a machine a host of Ordeal. */
export interface AgentDelivery {
  /** The unpacked archive of `npm run archive`. */
  readonly archive: string;
  /** host:port, as the machine reaches them. */
  readonly controller: string;
  readonly nats: string;
  /** Files, by the names that they have on the machine. */
  readonly certificates: Readonly<Record<string, string>>;
}

/** Two hundred megabytes, on a machine whose disk others are busy with. */
const copiedWithinMs = 300_000;

interface Delivery {
  readonly name: string;
  readonly number: number;
  /** Without one the machine is what its image makes it. */
  readonly agent?: AgentDelivery;
}

/** The host, as QEMU's user network shows it to each machine. */
export const hostAddress = '10.0.2.2';
const managementAddress = '10.0.2.15/24';

/** Of the network on which the machines see each other; from the range for benchmarks of networks (RFC 2544), so no real host is hidden. */
export function dataAddress(number: number): string {
  return `198.18.7.${number}`;
}

/** Makes the disk that a machine becomes itself by. */
export async function makeDelivery(path: string, delivery: Delivery): Promise<void> {
  const tree = `${path}.tree`;
  await rm(tree, { recursive: true, force: true });
  await fill(tree, delivery);
  await makeExt4({
    label: 'ordeal-delivery',
    from: { directory: tree },
    to: `${path}.new`,
    size: await roomFor(tree),
    // Read-only for its whole life.
    options: ['-O', '^has_journal'],
  });
  await rename(`${path}.new`, path);
  await rm(tree, { recursive: true });
}

/** The size of a disk for a folder: with what ext4 keeps for itself, and half a block for the end of each file. */
async function roomFor(folder: string): Promise<string> {
  const said = await run('du', ['--summarize', '--block-size=1M', folder]);
  return `${Math.ceil(Number.parseInt(said, 10) * 1.15) + 8}M`;
}

async function fill(tree: string, { name, number, agent }: Delivery): Promise<void> {
  await mkdir(join(tree, 'units'), { recursive: true, mode: 0o755 });
  for (const program of ['prepare', 'network']) {
    await cp(deployed(`lab/${program}.sh`), join(tree, program));
    await chmod(join(tree, program), 0o755);
  }
  await cp(deployed('lab/ordeal-network.service'), join(tree, 'units/ordeal-network.service'));
  await writeFile(join(tree, 'hostname'), `${name}\n`);
  const nics = [
    `${managementMac(number)} mgmt0 ${managementAddress}`,
    `${dataMac(number)} data0 ${dataAddress(number)}/24`,
  ];
  await writeFile(join(tree, 'nics'), `${nics.join('\n')}\n`);
  if (agent !== undefined) await fillAgent(tree, name, agent);
}

async function fillAgent(tree: string, name: string, agent: AgentDelivery): Promise<void> {
  const { archive, controller, nats, certificates } = agent;
  await run('cp', ['--archive', '--reflink=auto', archive, join(tree, 'ordeal')], {
    timeoutMs: copiedWithinMs,
  });
  for (const unit of ['ordeal-agent.service', 'ordeal.slice'])
    await cp(join(archive, 'deploy/systemd', unit), join(tree, 'units', unit));
  const settings = join(tree, 'etc');
  await mkdir(join(settings, 'certificates'), { recursive: true, mode: 0o755 });
  const lines = [
    `ORDEAL_HOST=${name}`,
    `ORDEAL_CONTROLLER=${controller}`,
    `ORDEAL_NATS=${nats}`,
    'ORDEAL_AGENT_OPTIONS=--label role=nfvi --label lab=true',
  ];
  await writeFile(join(settings, 'agent.env'), `${lines.join('\n')}\n`);
  for (const [file, path] of Object.entries(certificates))
    await cp(path, join(settings, 'certificates', file));
}

/** A file of deploy/, beside the sources, or above dist/ where this runs compiled. */
function deployed(file: string): string {
  const up = import.meta.url.endsWith('.ts') ? '../../deploy/' : '../../../deploy/';
  return fileURLToPath(new URL(up + file, import.meta.url));
}
