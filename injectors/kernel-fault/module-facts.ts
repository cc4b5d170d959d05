import { access, readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { run } from '../../command/run.ts';

export const moduleNames = ['ordeal_net', 'ordeal_storage', 'ordeal_cpu', 'ordeal_memory'] as const;
export type ModuleName = (typeof moduleNames)[number];

/** What decides whether a module of Ordeal works in this kernel. To read it changes nothing. */
export interface ModuleFacts {
  readonly module: ModuleName;
  /** Of the running kernel. */
  readonly release: string;
  readonly isLoaded: boolean;
  /** Of the core that is loaded; undefined where none is. */
  readonly loadedVersion: string | undefined;
  /** The file that would be loaded; undefined where there is none for this kernel. */
  readonly file: string | undefined;
  /** Looked at only where it matters. */
  readonly isSigned: boolean;
  readonly hasHeaders: boolean;
  readonly hasConfigfs: boolean;
  /** Whether this process holds CAP_SYS_MODULE. */
  readonly mayLoad: boolean;
  /** Until the next boot no module is loaded, whoever asks (kernel.modules_disabled). */
  readonly isClosed: boolean;
  /** Why the kernel takes signed modules only; undefined where it takes any. */
  readonly signedOnlyBecause: string | undefined;
}

export async function readModuleFacts(module: ModuleName): Promise<ModuleFacts> {
  const running = release();
  const directory = join('/lib/modules', running);
  const modules = await textOf(join(directory, 'modules.dep'));
  const file = fileOf(modules, module);
  const signedOnlyBecause = await whySignedOnly();
  return {
    module,
    release: running,
    isLoaded: await exists(join('/sys/module', module)),
    loadedVersion: (await textOf('/sys/module/ordeal/version')).trim() || undefined,
    file: file === undefined ? undefined : join(directory, file),
    isSigned:
      file !== undefined && signedOnlyBecause !== undefined && (await isSigned(join(directory, file))),
    hasHeaders: await exists(join(directory, 'build', 'Makefile')),
    hasConfigfs:
      /\bconfigfs$/m.test(await textOf('/proc/filesystems')) || fileOf(modules, 'configfs') !== undefined,
    mayLoad: mayLoadModules(await textOf('/proc/self/status')),
    isClosed: (await textOf('/proc/sys/kernel/modules_disabled')).trim() === '1',
    signedOnlyBecause,
  };
}

/** Where modules.dep has a module, by its path from there. */
export function fileOf(modulesDep: string, module: string): string | undefined {
  const name = new RegExp(`^([^:]*/)?${module}\\.ko(\\.\\w+)?:`);
  return modulesDep
    .split('\n')
    .find((line) => name.test(line))
    ?.split(':')[0];
}

const capSysModule = 16n;

/** By the effective capabilities of a process, as /proc/<pid>/status has them. */
export function mayLoadModules(status: string): boolean {
  const [, effective = '0'] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return (BigInt(`0x${effective}`) & (1n << capSysModule)) !== 0n;
}

async function whySignedOnly(): Promise<string | undefined> {
  if ((await textOf('/sys/module/module/parameters/sig_enforce')).trim() === 'Y')
    return 'module.sig_enforce is set';
  const lockdown = lockdownOf(await textOf('/sys/kernel/security/lockdown'));
  if (lockdown === undefined || lockdown === 'none') return undefined;
  return `the kernel is locked down (${lockdown}), as it is under Secure Boot`;
}

/** Of several words, the one in brackets. */
export function lockdownOf(text: string): string | undefined {
  return /\[(\w+)\]/.exec(text)?.[1];
}

async function isSigned(file: string): Promise<boolean> {
  return (await run('modinfo', ['--field', 'signer', file])).trim() !== '';
}

async function textOf(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
