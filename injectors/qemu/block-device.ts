import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Monitor } from './monitor.ts';

const devicesSchema = z.array(
  z.object({
    device: z.string(),
    qdev: z.string().exactOptional(),
    inserted: z.object({ 'node-name': z.string().exactOptional() }).exactOptional(),
  }),
);

const statsSchema = z.array(
  z.object({
    qdev: z.string().exactOptional(),
    stats: z.object({
      rd_operations: z.number(),
      wr_operations: z.number(),
      rd_total_time_ns: z.number(),
      wr_total_time_ns: z.number(),
      failed_rd_operations: z.number(),
      failed_wr_operations: z.number(),
      failed_flush_operations: z.number(),
    }),
  }),
);

const nodesSchema = z.array(z.object({ 'node-name': z.string().exactOptional(), drv: z.string() }));

/** A disk of a machine as its QEMU has it: the device that the machine sees, and the block node that is right below it. */
interface BlockDevice {
  /** Its id, or its path among the objects of QEMU. */
  readonly qdev: string;
  readonly node: string;
}

/** The one that is named, or the only one there is. */
export async function blockDeviceOf(
  monitor: Monitor,
  named: string | undefined,
  vm: string,
): Promise<BlockDevice> {
  const disks = devicesSchema.parse(await monitor.ask('query-block')).flatMap((one) => {
    const node = one.inserted?.['node-name'];
    const { device, qdev } = one;
    return qdev === undefined || node === undefined ? [] : [{ device, qdev, node }];
  });
  const fitting = disks.filter(
    ({ device, qdev, node }) => named === undefined || [device, qdev, node].includes(named),
  );
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return { qdev: only.qdev, node: only.node };
  const names = disks.map(({ device, qdev }) => device || qdev).join(', ') || 'none';
  const wanted = named === undefined ? 'not exactly one disk' : `no disk "${named}"`;
  throw new OrdealError('NO_TARGET', `the machine ${vm} has ${wanted}; its QEMU has: ${names}`, {
    remedy: 'Name the disk by the parameter "disk".',
  });
}

/** The block node right below a device; undefined where the device is gone. */
export async function nodeBelow(monitor: Monitor, qdev: string): Promise<string | undefined> {
  const devices = devicesSchema.parse(await monitor.ask('query-block'));
  return devices.find((one) => one.qdev === qdev)?.inserted?.['node-name'];
}

/** Puts another block node right below a device that is in use: what is under way is finished first, and nothing else of the graph is opened anew. */
export async function putBelow(monitor: Monitor, qdev: string, node: string): Promise<void> {
  const path = qdev.startsWith('/') ? qdev : `/machine/peripheral/${qdev}`;
  await monitor.ask('qom-set', { path, property: 'drive', value: node });
}

export async function nodesOf(monitor: Monitor): Promise<{ name: string; driver: string }[]> {
  const nodes = nodesSchema.parse(await monitor.ask('query-named-block-nodes'));
  return nodes.map((node) => ({ name: node['node-name'] ?? '', driver: node.drv }));
}

/** What QEMU has counted for a device since its start. */
export interface Requests {
  readonly served: number;
  readonly servedNs: number;
  readonly failed: number;
}

export async function requestsOf(monitor: Monitor, qdev: string): Promise<Requests> {
  const stats = statsSchema.parse(await monitor.ask('query-blockstats')).find((one) => one.qdev === qdev);
  if (stats === undefined) throw new OrdealError('NO_TARGET', `its QEMU has no device ${qdev} any more`);
  const of = stats.stats;
  return {
    served: of.rd_operations + of.wr_operations,
    servedNs: of.rd_total_time_ns + of.wr_total_time_ns,
    failed: of.failed_rd_operations + of.failed_wr_operations + of.failed_flush_operations,
  };
}
