/** One record of /dev/kmsg. */
export interface KernelRecord {
  /** Counts every record since boot, those that were overwritten too. */
  readonly sequence: number;
  /** In the clock of the kernel's log, which is near the monotonic one, but is not corrected as that is. */
  readonly stampUs: number;
  readonly text: string;
}

/** `priority,sequence,microseconds,flags;text`, and below it lines of properties. Undefined where it is not of this form. */
export function kernelRecordIn(bytes: Uint8Array): KernelRecord | undefined {
  const found = /^\d+,(?<sequence>\d+),(?<stampUs>\d+),[^;]*;(?<text>[^\n]*)/.exec(
    Buffer.from(bytes).toString(),
  );
  const { sequence, stampUs, text } = found?.groups ?? {};
  if (sequence === undefined || stampUs === undefined || text === undefined) return undefined;
  return { sequence: Number(sequence), stampUs: Number(stampUs), text };
}

/** Modules and watchers of Ordeal write their lines with their name in front; lines of others may name its cgroups, and are kept. */
export function isOwnLine(text: string): boolean {
  return /^ordeal[\w-]*: /.test(text);
}
