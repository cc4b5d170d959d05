import type { Will } from '../../injectors/will.ts';

/** Of which injection a will is, and when it is due, in this host's monotonic clock. */
interface Due {
  readonly id: string;
  readonly bootId: string;
  readonly deadlineUs: number;
}

/** The form of a will; guardian/will.c is the one who reads it, and takes no other. */
export function formatWill({ id, bootId, deadlineUs }: Due, { group, restores }: Will): string {
  return [
    'ordeal will 1',
    `boot ${bootId}`,
    `id ${id}`,
    `deadline_us ${Math.round(deadlineUs)}`,
    `cgroup ${group.inode} ${group.directory}`,
    ...restores.map(({ file, applied, before }) => `restore ${file}: ${applied} -> ${before}`),
    '',
  ].join('\n');
}
