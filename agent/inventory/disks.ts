import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Disk {
  readonly name: string;
  readonly facts: Readonly<Record<string, string>>;
}

const directory = '/sys/block';
/** The unit of `size`, whatever the disk's own sectors are. */
const sectorBytes = 512;

/** The block devices that hold something; a loop device without a file has no size. */
export async function readDisks(): Promise<Disk[]> {
  const disks: Disk[] = [];
  for (const name of (await readdir(directory).catch(() => [])).sort()) {
    const sectors = Number(await read(name, 'size'));
    if (!(sectors > 0)) continue;
    const model = await read(name, 'device/model');
    disks.push({
      name,
      facts: { bytes: String(sectors * sectorBytes), ...(model === '' ? {} : { model }) },
    });
  }
  return disks;
}

async function read(name: string, file: string): Promise<string> {
  return (await readFile(join(directory, name, file), 'utf8').catch(() => '')).trim();
}
