import type { Bus } from '../../events/bus.ts';
import type { Reporter } from '../../events/reporter.ts';
import type { Log } from '../../service/log.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { State } from '../state/state.ts';
import type { StopMarks } from '../state/stop-marks.ts';

/** What every campaign of a controller needs of it. */
export interface CampaignOptions {
  readonly fleet: Fleet;
  readonly state: State;
  readonly marks: StopMarks;
  readonly reporter: Reporter;
  readonly bus: Bus;
  readonly halted: AbortSignal;
  readonly log: Log;
}
