import type { Injector } from '../injectors/injector.ts';
import type { Log } from '../service/log.ts';
import type { Appointments } from './appointments.ts';
import type { ClockOffset } from './clock-offset.ts';
import type { ClockReports } from './clock-reports.ts';
import type { Guardian } from './guardian/guardian.ts';
import type { Inventory } from './inventory.ts';
import type { Journal } from './journal.ts';
import type { Lease } from './lease.ts';
import type { LiveInjections } from './live-injections.ts';
import type { Voice } from './voice.ts';

/** What the tasks of one agent share. */
export interface Workbench {
  readonly host: string;
  readonly injectors: ReadonlyMap<string, Injector>;
  readonly inventory: Inventory;
  readonly journal: Journal;
  readonly guardian: Guardian;
  readonly live: LiveInjections;
  readonly voice: Voice;
  readonly lease: Lease;
  readonly clock: ClockOffset;
  readonly clockReports: ClockReports;
  readonly appointments: Appointments;
  readonly log: Log;
}
