import { stat } from 'node:fs/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { disksBehind, disksBeneath, numberFrom } from '../storage/disks-behind.ts';
import type { VmFromOutside } from '../target.ts';
import { demandQemu } from './machine.ts';
import { pathsFromHere, type QemuProcess } from './process.ts';

type Image = QemuProcess['images'][number];

/** The disks of this host that a drive of a virtual machine rests on: that which it is, or that which its image lies on. */
export interface Backing {
  readonly drive: string;
  readonly file: string;
  readonly disks: ReadonlySet<string>;
}

export async function backingOf(target: VmFromOutside, drive: string | undefined): Promise<Backing> {
  const { name, pid } = target;
  const { images } = await demandQemu(target);
  const image = imageOf(name, images, drive);
  const [path = image.file] = await pathsFromHere(pid, [image.file]);
  const found = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw new OrdealError('NO_TARGET', `the file ${image.file} of the drive ${image.drive} is not there`, {
      cause: error,
    });
  });
  const disks = found.isBlockDevice()
    ? await disksBeneath(numberFrom(found.rdev))
    : await disksBehind(path, { pid });
  return { ...image, disks };
}

/** The drive that is named, or the only one that has a file. */
export function imageOf(vm: string, images: readonly Image[], named: string | undefined): Image {
  const fitting = images.filter(({ drive }) => named === undefined || drive === named);
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  const wanted =
    named === undefined ? 'not exactly one drive with a file' : `no drive "${named}" with a file`;
  const drives = images.map(({ drive }) => drive).join(', ') || 'none';
  throw new OrdealError('NO_TARGET', `the virtual machine ${vm} has ${wanted}; it has: ${drives}`, {
    remedy: 'Name the drive by the parameter "disk".',
  });
}
