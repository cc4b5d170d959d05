import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { captureSite, siteSchema } from '../hog/site.ts';
import type { Injection } from '../injector.ts';
import { backingOf } from '../qemu/backing-file.ts';
import { directoryParameter } from './directory-parameter.ts';
import { inDirectory } from './directory.ts';
import { identifyDisk, isThere, type DiskIdentity } from './disk.ts';
import { disksBehind } from './disks-behind.ts';
import { protectedDisks, type Held } from './protected-disks.ts';

/** The disk that an injection acts on, as the journal keeps it. */
export const targetDiskSchema = z.object({
  name: z.string(),
  identity: z.string(),
  number: z.string(),
  scsi: z.string().exactOptional(),
});

/** The parameter `directory` of every mechanism that acts on a disk. */
export const backedDirectory = directoryParameter
  .optional()
  .describe(
    'Only for a container or a virtual machine: the directory, as it sees it, whose disk is meant; an absolute path, in which nothing is a symbolic link. By default its root. Whatever else is on that disk is hit too.',
  );

/** The parameter `disk` of the mechanisms that reach the disks of a virtual machine. */
export const diskOfVm = z
  .string()
  .regex(/^[a-zA-Z0-9][\w.-]{0,63}$/, 'must be the name of a disk, 1 to 64 characters without a slash')
  .optional()
  .describe(
    'Only for a virtual machine: which of its disks, by its name there (sdb). By default the one behind "directory". Of a machine that is met from outside, the id of a drive of its QEMU: the disk of the host is meant that the drive is, or that its image lies on. By default its only one.',
  );

type OnDisk = Injection<{ readonly directory?: string | undefined; readonly disk?: string | undefined }>;

/** Which of the disks behind a directory a mechanism can act on, with the words for the refusal of the others. */
interface Layer {
  readonly has: (name: string) => Promise<boolean>;
  readonly wanted: string;
}

/** The target itself, or the one disk of the layer that is behind the directory of a container or of the agent's own machine; refuses what must not be touched. */
export async function targetDiskOf(
  { target, parameters: { directory, disk: named } }: OnDisk,
  held: readonly Held[],
  layer: Layer,
): Promise<DiskIdentity> {
  if (named !== undefined && target.kind !== 'vm')
    throw new OrdealError('INVALID_INPUT', 'the parameter "disk" is only for a virtual machine');
  if (target.kind === 'disk') {
    if (directory !== undefined) {
      const only =
        'the parameter "directory" is only for a container or a virtual machine; the disk is the target';
      throw new OrdealError('INVALID_INPUT', only);
    }
    const { name, identity, number, scsi } = target;
    const disk = { name, identity, number, ...(scsi === undefined ? {} : { scsi }) };
    if (!(await isThere(disk))) throw new OrdealError('NO_TARGET', `the disk ${name} (${identity}) is gone`);
    if (!(await layer.has(name)))
      throw new OrdealError('UNSUPPORTED', `the disk ${name} is no ${layer.wanted}`);
    return disk;
  }
  if (target.kind === 'vm' && target.metFrom === 'outside') {
    if (directory !== undefined)
      throw new OrdealError(
        'INVALID_INPUT',
        'the parameter "directory" is not for a virtual machine that is met from outside',
        { remedy: 'Name the drive of its QEMU by the parameter "disk".' },
      );
    const { drive, file, disks } = await backingOf(target, named);
    const what = `the drive ${drive} (${file})`;
    return await openDisk(await onlyDisk(disks, layer, what), `${what} is on a disk that`, held);
  }
  if (named !== undefined) {
    if (directory !== undefined)
      throw new OrdealError(
        'INVALID_INPUT',
        'the parameters "disk" and "directory" name two disks: give one',
      );
    const isIt = (await identifyDisk(named)) !== undefined && (await layer.has(named));
    if (!isIt) throw new OrdealError('NO_TARGET', `there is no ${layer.wanted} "${named}"`);
    return await openDisk(named, `the disk ${named}`, held);
  }
  const site = siteSchema.parse(await captureSite(target));
  const pid = site.site === 'host' ? 'self' : site.pid;
  const at = directory ?? '/';
  const behind = await inDirectory(`/proc/${pid}/root`, at, async (path) => await disksBehind(path, { pid }));
  const only = await onlyDisk(behind, layer, at);
  return await openDisk(only, `${at} is on the disk ${only}, which`, held);
}

/** The one of those behind something that the layer has. */
async function onlyDisk(behind: ReadonlySet<string>, layer: Layer, at: string): Promise<string> {
  const fitting: string[] = [];
  for (const name of behind) if (await layer.has(name)) fitting.push(name);
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  const found = behind.size === 0 ? 'no disk of this host' : [...behind].sort().join(', ');
  throw new OrdealError('NO_TARGET', `not exactly one ${layer.wanted} is behind ${at}: ${found}`, {
    remedy: 'Name what lies on a disk of its own, or choose the disk itself in the physical layer.',
  });
}

/** Refuses one that is protected; `what` is how it came to be meant. */
async function openDisk(name: string, what: string, held: readonly Held[]): Promise<DiskIdentity> {
  const because = (await protectedDisks(held, [name])).get(name);
  if (because !== undefined) {
    throw new OrdealError('PROTECTED_TARGET', `${what} is protected: ${because}`, {
      remedy: 'Give the target a volume on a disk of its own, and choose that.',
    });
  }
  const identity = await identifyDisk(name);
  if (identity === undefined) throw new OrdealError('NO_TARGET', `the disk ${name} went just now`);
  return identity;
}

/** What people have to know of the scope of a fault that came through a directory. */
export function remarkOnScope(
  { target, parameters: { directory, disk } }: OnDisk,
  name: string,
): string | undefined {
  const isFromOutside = target.kind === 'vm' && target.metFrom === 'outside';
  if (isFromOutside) return `whatever else is on the disk ${name}, which is behind the drive, was hit too`;
  if (target.kind === 'disk' || disk !== undefined) return undefined;
  return `whatever else is on the disk ${name}, which is behind ${directory ?? '/'}, was hit too`;
}
