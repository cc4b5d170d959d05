import assert from 'node:assert/strict';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { run } from '../../command/run.ts';

const linksSchema = z.array(
  z.object({
    ifname: z.string(),
    flags: z.array(z.string()),
    mtu: z.number(),
    master: z.string().optional(),
    addr_info: z.array(z.object({ local: z.string().optional(), prefixlen: z.number().optional() })),
  }),
);

const namespaceDirectory = '/run/netns';

/** Of tests that run beside these (see test/run.sh), and touch no more than their own folders and ports. */
const asideMark = '\0ORDEAL_TEST_ASIDE=';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** So begin the folders of the tests that compare; others that test or work here at the same time have others. */
const temporary = join(tmpdir(), 'ordeal-e2e-');

/** Where the processes of a deployment work, and what they are started from; the marks of those that a fault starts begin with "ordeal:". */
const ofOrdeal = [join(checkout, 'dist'), join(checkout, 'bin'), temporary, '/run/ordeal', 'ordeal:'];

/** Nothing is there that was not there before, and nothing is gone but processes, which end as they like. */
export async function assertLeftAsFound(before: readonly string[]): Promise<void> {
  const now = await machineFingerprint();
  const left = before.filter((line) => now.includes(line) || !line.startsWith('process '));
  assert.deepEqual(now, left, 'nothing is left');
}

/**
 * The state of the machine that Ordeal could leave behind, as sorted lines, to be taken before and compared with afterwards. Nothing
 * else may make or remove namespaces, links or cgroups meanwhile.
 */
export async function machineFingerprint(): Promise<string[]> {
  // Processes first: the commands below would be among them.
  const lines = await processes();
  lines.push(...(await networkOf('machine', [])));
  for (const name of await namesIn(namespaceDirectory)) {
    lines.push(`namespace ${name}`);
    lines.push(...(await networkOf(name, ['nsenter', `--net=${join(namespaceDirectory, name)}`, '--'])));
  }
  lines.push(...(await cgroupsBelow('/sys/fs/cgroup')));
  for (const directory of [tmpdir(), '/run']) {
    const paths = (await namesIn(directory)).map((name) => join(directory, name));
    const ours = paths.filter((path) => path.startsWith(temporary) || path.startsWith('/run/ordeal'));
    lines.push(...ours.map((path) => `file ${path}`));
  }
  for (const module of (await readFile('/proc/modules', 'utf8').catch(() => '')).split('\n')) {
    if (module.startsWith('ordeal')) lines.push(`kernel module ${module.split(' ')[0]}`);
  }
  return lines.sort();
}

async function networkOf(where: string, enter: readonly string[]): Promise<string[]> {
  const ask = async (...command: string[]): Promise<string> => {
    const [program = '', ...args] = [...enter, ...command];
    return await run(program, args);
  };
  const lines: string[] = [];
  for (const link of linksSchema.parse(JSON.parse(await ask('ip', '-json', 'address', 'show')))) {
    const flags = [...link.flags].sort().join(',');
    lines.push(`${where}: link ${link.ifname} ${flags} mtu ${link.mtu} master ${link.master ?? 'none'}`);
    for (const { local, prefixlen } of link.addr_info) {
      lines.push(`${where}: address ${local}/${prefixlen} on ${link.ifname}`);
    }
  }
  const texts = {
    // Stateless: the counters of a firewall go on counting.
    nftables: await ask('nft', '--stateless', 'list', 'ruleset'),
    route: await ask('ip', 'route', 'show', 'table', 'all'),
    rule: await ask('ip', 'rule', 'show'),
    qdisc: await ask('tc', 'qdisc', 'show'),
  };
  for (const [kind, text] of Object.entries(texts)) {
    const found = text.split('\n').filter((line) => line.trim() !== '');
    lines.push(...found.map((line) => `${where}: ${kind} ${line.trimEnd()}`));
  }
  return lines;
}

/** Processes that speak of Ordeal, or that are in another network namespace than this one (named or not). */
async function processes(): Promise<string[]> {
  const own = await readlink('/proc/self/ns/net');
  const lines: string[] = [];
  for (const pid of await namesIn('/proc')) {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) continue;
    const namespace = await readlink(`/proc/${pid}/ns/net`).catch(() => own);
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
    if (namespace === own && !ofOrdeal.some((word) => commandLine.includes(word))) continue;
    if ((await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')).includes(asideMark)) continue;
    lines.push(`process ${pid} ${name} ${commandLine.replaceAll('\0', ' ').trim()}`);
  }
  return lines;
}

async function cgroupsBelow(directory: string): Promise<string[]> {
  const lines: string[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true }).catch(() => [])) {
    if (!entry.isDirectory()) continue;
    const path = join(directory, entry.name);
    if (path.includes('ordeal')) lines.push(`cgroup ${path}`);
    lines.push(...(await cgroupsBelow(path)));
  }
  return lines;
}

async function namesIn(directory: string): Promise<string[]> {
  return await readdir(directory).catch(() => []);
}
