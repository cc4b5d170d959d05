import { OrdealError } from '../errors/ordeal-error.ts';
import type { Driver } from './driver.ts';
import { httpDriver } from './http/driver.ts';

/** Every load driver that a campaign can name. */
export const drivers: readonly Driver[] = [httpDriver];

export function driverOf(name: string): Driver {
  const driver = drivers.find((one) => one.name === name);
  if (driver !== undefined) return driver;
  const known = drivers.map((one) => one.name).join(', ');
  throw new OrdealError('INVALID_INPUT', `there is no load driver "${name}"; there is: ${known}`);
}
