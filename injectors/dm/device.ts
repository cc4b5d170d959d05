import { run } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { BlockDevices } from '../storage/block-devices.ts';
import { isThere, type DiskIdentity } from '../storage/disk.ts';

/** One device of device mapper, by its number: names can be changed. */
export class DmDevice {
  readonly #disk: DiskIdentity;
  readonly #blockDevices = new BlockDevices();

  constructor(disk: DiskIdentity) {
    this.#disk = disk;
  }

  async isThere(): Promise<boolean> {
    return await isThere(this.#disk);
  }

  async table(): Promise<string> {
    return (await this.#dmsetup(['table'])).trim();
  }

  /** What it is doing now: live tables, loaded ones and whether it is suspended, in the letters of dmsetup. */
  async state(): Promise<{ readonly hasLoaded: boolean; readonly isSuspended: boolean }> {
    const letters = (await this.#dmsetup(['info', '--columns', '--noheadings', '-o', 'attr'])).trim();
    return { hasLoaded: letters[1] === 'I', isSuspended: letters[2] === 's' };
  }

  /** The old table's transfers under way end first, then all goes by the new one. */
  async replaceTable(table: string): Promise<void> {
    await this.#dmsetup(['load'], [], `${table}\n`);
    // Neither is a filesystem on it frozen, which would wait for all its writes, nor is what waits inside given an error.
    await this.#dmsetup(['suspend', '--nolockfs', '--noflush', '--noudevsync']);
    await this.resume();
  }

  /** Takes the table that was loaded last, where one was. */
  async resume(): Promise<void> {
    await this.#dmsetup(['resume', '--noudevsync']);
  }

  /** A table that was loaded and never taken. */
  async forgetLoaded(): Promise<void> {
    await this.#dmsetup(['clear']);
  }

  /** For the device's own counters. */
  async message(words: readonly string[]): Promise<string> {
    return await this.#dmsetup(['message'], ['0', ...words]);
  }

  async #dmsetup([verb = '', ...options]: readonly string[], more: readonly string[] = [], input = '') {
    const name = await this.#name();
    return await run('dmsetup', [verb, ...options, name, ...more], { input });
  }

  async #name(): Promise<string> {
    const { number, name: disk } = this.#disk;
    const name = (await isThere(this.#disk)) ? await this.#blockDevices.read(disk, 'dm/name') : '';
    if (name !== '') return name;
    throw new OrdealError('NO_TARGET', `the device ${disk} of device mapper (${number}) is gone`);
  }
}
