import { readdir, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { moduleNames, readModuleFacts, type ModuleFacts } from '../../injectors/kernel-fault/module-facts.ts';
import { supportBy } from '../../injectors/kernel-fault/module-support.ts';
import { good, limited, type Finding } from './finding.ts';

/** What keeps the kernel modules of Ordeal from this kernel, or from the drivers of this host; to look at it loads none. */
export async function lookAtModules(): Promise<Finding[]> {
  const modules = await Promise.all(moduleNames.map(readModuleFacts));
  const [facts] = modules;
  return [
    ...modules.map(moduleFinding),
    ...(facts === undefined ? [] : [headers(facts), configfs(facts), signing(facts)]),
    await drivers(),
  ];
}

function moduleFinding(facts: ModuleFacts): Finding {
  const support = supportBy(facts);
  if (!support.supported) return limited(`module ${facts.module}`, support.reason, support.remedy);
  return good(`module ${facts.module}`, facts.isLoaded ? 'loaded' : (facts.file ?? 'there'));
}

function headers({ release, hasHeaders }: ModuleFacts): Finding {
  if (hasHeaders) return good('kernel headers', `/lib/modules/${release}/build`);
  return limited(
    'kernel headers',
    `none for ${release}`,
    `Only to build the modules here they are needed: install the package linux-headers-${release}.`,
  );
}

function configfs({ hasConfigfs }: ModuleFacts): Finding {
  if (hasConfigfs) return good('configfs', 'this kernel has it');
  return limited('configfs', 'this kernel has none', 'The modules are driven by it: use a kernel of Debian.');
}

function signing({ signedOnlyBecause }: ModuleFacts): Finding {
  if (signedOnlyBecause === undefined) return good('module signing', 'unsigned modules are taken');
  return limited(
    'module signing',
    `only signed modules are taken: ${signedOnlyBecause}`,
    'Sign the modules by a key of this machine: docs/kernel-modules.md says how.',
  );
}

/** Drivers that compare what the module would put in the place of their own functions: kmod/net/transmit.c holds the same list. */
export const driversLeftAlone: readonly string[] = [
  'mlx5_core',
  'mlx4_core',
  'mlxsw_spectrum',
  'ice',
  'ixgbe',
  'sfc',
  'sfc_siena',
  'nfp',
  'cxgb4',
  'bnxt_en',
  'hv_netvsc',
  'mscc_felix',
  'ocelot',
];

async function drivers(): Promise<Finding> {
  const found: string[] = [];
  for (const name of await readdir('/sys/class/net').catch(() => [])) {
    const driver = await driverOf(name);
    if (driver !== undefined && driversLeftAlone.includes(driver)) found.push(`${name} (${driver})`);
  }
  if (found.length === 0) return good('drivers of NICs', 'none that the module leaves alone');
  return limited(
    'drivers of NICs',
    `their transmit functions are left alone: ${found.join(', ')}`,
    "Faults of what these send are hooked beside the driver, by netfilter's egress hook, which kernels have from 5.16 on.",
  );
}

async function driverOf(name: string): Promise<string | undefined> {
  const device = join('/sys/class/net', name, 'device/driver');
  const link = await readlink(device).catch(() => undefined);
  return link === undefined ? undefined : basename(link);
}
