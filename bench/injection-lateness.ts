import { monotonicUs } from '../clock/monotonic.ts';
import { isKind } from '../events/event.ts';
import { AgentSetting } from '../test/integration/agent-setting.ts';
import type { Benchmark, Figure } from './benchmark.ts';
import { milliseconds, quantile, spread } from './quantile.ts';

const injections = 200;
const aheadUs = 300_000;
const durationUs = 100_000;
const aimUs = 5_000;

interface Planned {
  readonly startUs: number;
  readonly endUs: number;
}

/** Starts and ends of real faults, one after the other, against the instants that they were ordered for. */
export const injectionLateness: Benchmark = {
  name: 'injection-lateness',
  title: 'Lateness of a fault against its plan',
  method:
    `${injections} injections of each mechanism into one container, one after the other, each staged ${aheadUs / 1000} ms ahead ` +
    `and ${durationUs / 1000} ms long. The controller's end of the protocol, the agent, its event store and the container are real; all on one machine, so that all instants are of one clock.`,
  async run(place) {
    const setting = await AgentSetting.make(place);
    setting.start();
    await setting.controller.until('the agent has dialled', () => setting.controller.hellos[0]);
    const figures: Figure[] = [];
    for (const mechanism of ['cgroup-freeze', 'cpu-quota'])
      figures.push(...(await lateness(setting, mechanism)));
    return figures;
  },
};

async function lateness(setting: AgentSetting, mechanism: string): Promise<Figure[]> {
  const { controller } = setting;
  // The controller of the setting has a clock of its own, apart by the same amount all the time.
  const apartUs = controller.nowUs - monotonicUs();
  const plans = new Map<string, Planned>();
  for (let number = 0; number < injections; number += 1) {
    const id = `${mechanism}-${number}`;
    const startUs = controller.nowUs + aheadUs;
    plans.set(id, { startUs: startUs - apartUs, endUs: startUs - apartUs + durationUs });
    controller.want(setting.injection(id, mechanism, { startUs, durationUs }));
    const { state, errorMessage } = await controller.status(id, 'ENDED', 'FAILED');
    if (state === 'FAILED') throw new Error(errorMessage);
  }
  const last = `${mechanism}-${injections - 1}`;
  const events = await setting.eventsUntil(
    (event) => isKind(event, 'injection.reverted') && event.body.injection === last,
  );
  const active = events
    .filter((event) => isKind(event, 'injection.active'))
    .filter(({ body }) => plans.has(body.injection));
  const reverted = events
    .filter((event) => isKind(event, 'injection.reverted'))
    .filter(({ body }) => plans.has(body.injection));
  const starts = active.map(({ monoUs, body }) => monoUs - planned(plans, body.injection).startUs);
  const there = active.map(({ body }) => body.appliedUs - planned(plans, body.injection).startUs);
  const ends = reverted.map(({ monoUs, body }) => monoUs - planned(plans, body.injection).endUs);
  return [
    figure(`${mechanism}: begins to act`, starts),
    figure(`${mechanism}: is there`, there),
    figure(`${mechanism}: is off`, ends),
  ];
}

function planned(plans: ReadonlyMap<string, Planned>, id: string): Planned {
  const plan = plans.get(id);
  if (plan === undefined) throw new Error(`nobody asked for ${id}`);
  return plan;
}

function figure(what: string, us: readonly number[]): Figure {
  if (us.length !== injections) throw new Error(`${us.length} of ${injections} are known of "${what}"`);
  const p99 = quantile(us, 0.99);
  return { what, found: spread(us), aim: { text: `p99 under ${milliseconds(aimUs)}`, isMet: p99 < aimUs } };
}
