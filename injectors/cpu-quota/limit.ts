import type { ControlFiles } from '../cgroup/control-group.ts';
import type { Restore } from '../will.ts';

/** How much CPU time a cgroup may use in each period, in microseconds, as the kernel's files say it. */
export interface Limit {
  readonly quotaUs: number | 'max';
  readonly periodUs: number;
}

/** What differs between the cgroup versions. */
interface LimitFiles {
  isThere(files: ControlFiles): Promise<boolean>;
  read(files: ControlFiles): Promise<Limit>;
  write(files: ControlFiles, from: Limit, to: Limit): Promise<void>;
  /** What `write` writes, of what it finds. */
  restores(from: Limit, to: Limit): Restore[];
  /** What the cgroup may use above its quota after a rest. */
  readonly burstFile: string;
}

const unified: LimitFiles = {
  isThere: async (files) => await files.has('cpu.max'),
  read: async (files) => parseCpuMax(await files.read('cpu.max')),
  write: async (files, _from, to) => {
    await files.write('cpu.max', `${to.quotaUs} ${to.periodUs}`);
  },
  restores: (from, to) => [
    {
      file: 'cpu.max',
      applied: `${from.quotaUs} ${from.periodUs}`,
      before: `${to.quotaUs} ${to.periodUs}`,
    },
  ],
  burstFile: 'cpu.max.burst',
};

const legacy: LimitFiles = {
  isThere: async (files) => await files.has('cpu.cfs_quota_us'),
  read: async (files) => {
    const quotaUs = Number(await files.read('cpu.cfs_quota_us'));
    const periodUs = Number(await files.read('cpu.cfs_period_us'));
    return { quotaUs: quotaUs < 0 ? 'max' : quotaUs, periodUs };
  },
  write: async (files, from, to) => {
    const quota = async (): Promise<void> => {
      await files.write('cpu.cfs_quota_us', to.quotaUs === 'max' ? '-1' : String(to.quotaUs));
    };
    const period = async (): Promise<void> => {
      await files.write('cpu.cfs_period_us', String(to.periodUs));
    };
    for (const step of stepsBetween(from, to)) await (step === 'quota' ? quota() : period());
  },
  restores: (from, to) => {
    const quotaOf = ({ quotaUs }: Limit): string => (quotaUs === 'max' ? '-1' : String(quotaUs));
    const files = {
      quota: { file: 'cpu.cfs_quota_us', applied: quotaOf(from), before: quotaOf(to) },
      period: {
        file: 'cpu.cfs_period_us',
        applied: String(from.periodUs),
        before: String(to.periodUs),
      },
    };
    return stepsBetween(from, to).map((step) => files[step]);
  },
  burstFile: 'cpu.cfs_burst_us',
};

export const limitFiles = { 1: legacy, 2: unified } as const;

/**
 * In which order the two files of v1 are to be written: in between, the limit must not be looser than before and after, or the
 * kernel refuses it where the cgroup above is limited.
 */
export function stepsBetween(from: Limit, to: Limit): readonly ('quota' | 'period')[] {
  const between = { quotaUs: from.quotaUs, periodUs: to.periodUs };
  const loosest = Math.max(shareOf(from), shareOf(to));
  return shareOf(between) <= loosest ? ['period', 'quota'] : ['quota', 'period'];
}

/** The share of one CPU that a limit leaves. */
export function shareOf({ quotaUs, periodUs }: Limit): number {
  return quotaUs === 'max' ? Number.POSITIVE_INFINITY : quotaUs / periodUs;
}

export function sameLimit(one: Limit, other: Limit): boolean {
  return one.quotaUs === other.quotaUs && one.periodUs === other.periodUs;
}

/**
 * Whether a limit that was found is the fault's, wholly or by one of the two files of v1. Any other was set by somebody
 * else since: it is the newer wish, and to restore what was before it would undo that.
 */
export function isOurs(found: Limit, before: Limit, asked: Limit): boolean {
  if (sameLimit(found, before)) return false;
  const quotaIsOurs = found.quotaUs === asked.quotaUs;
  const periodIsOurs = found.periodUs === asked.periodUs;
  if (quotaIsOurs && periodIsOurs) return true;
  return (
    (quotaIsOurs && found.periodUs === before.periodUs) || (periodIsOurs && found.quotaUs === before.quotaUs)
  );
}

export function parseCpuMax(text: string): Limit {
  const [quota = '', period = ''] = text.split(' ');
  return { quotaUs: quota === 'max' ? 'max' : Number(quota), periodUs: Number(period) };
}
