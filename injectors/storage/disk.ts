import type { DiskTarget } from '../target.ts';
import { BlockDevices } from './block-devices.ts';

/** What tells a disk from any other, also from a later one of the same name. */
export type DiskIdentity = Pick<DiskTarget, 'name' | 'identity' | 'number' | 'scsi'>;

/** Undefined where there is no such disk (any more). */
export async function identifyDisk(
  name: string,
  blockDevices = new BlockDevices(),
): Promise<DiskIdentity | undefined> {
  const [number, path, scsi] = [
    await blockDevices.read(name, 'dev'),
    await blockDevices.path(name),
    await blockDevices.scsiAddress(name),
  ];
  if (number === '' || path === undefined) return undefined;
  const identity = (await ownName(name, blockDevices)) ?? `path ${path}`;
  return { name, identity, number, ...(scsi === undefined ? {} : { scsi }) };
}

/** Whether the disk that was chosen is the one that bears its number now. */
export async function isThere(
  { number, identity, scsi }: DiskIdentity,
  blockDevices = new BlockDevices(),
): Promise<boolean> {
  const name = await blockDevices.nameOf(number);
  const now = name === undefined ? undefined : await identifyDisk(name, blockDevices);
  return now?.number === number && now.identity === identity && now.scsi === scsi;
}

/** Files in which a disk says what it is, whatever it is attached to, from the most to the least certain. */
const ownNames = [
  ['wwn', 'wwid'],
  ['wwn', 'device/wwid'],
  ['serial', 'serial'],
  ['serial', 'device/serial'],
  ['dm', 'dm/uuid'],
  ['md', 'md/uuid'],
] as const;

async function ownName(name: string, blockDevices: BlockDevices): Promise<string | undefined> {
  for (const [kind, file] of ownNames) {
    const text = (await blockDevices.read(name, file)).replace(/\s+/g, ' ');
    if (text !== '') return `${kind} ${text}`;
  }
  return undefined;
}
