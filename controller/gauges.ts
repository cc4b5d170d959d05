import type { Registry } from 'prom-client';
import { wallUs } from '../clock/monotonic.ts';
import { ProcessMetrics } from '../service/process-metrics.ts';
import type { Controller } from './controller.ts';

/** States that have a value also where nothing is in them, so that an alert can ask for them. */
const injectionStates = ['staged', 'active', 'stuck', 'lost', 'ended', 'failed'];
const campaignStates = ['running', 'completed', 'aborted', 'failed'];
const trialOutcomes = ['completed', 'interrupted', 'aborted', 'failed'];

/** What /metrics tells of the controller. */
export function controllerRegistry(
  { bus, fleet, campaigns, known }: Controller,
  spoolPending: () => number,
): Registry {
  const metrics = new ProcessMetrics();
  metrics.value('ordeal_nats_connected', () => Number(bus.connected));
  metrics.value('ordeal_spool_pending_messages', spoolPending);
  metrics.values('ordeal_controller_host_connected', () =>
    fleet.hosts.map(({ name, connected }) => ({ labels: { host: name }, value: Number(connected) })),
  );
  metrics.values('ordeal_controller_host_lease_age_seconds', () =>
    fleet.hosts.flatMap(({ name, leaseAgeUs }) =>
      leaseAgeUs === undefined ? [] : [{ labels: { host: name }, value: leaseAgeUs / 1e6 }],
    ),
  );
  metrics.values('ordeal_controller_host_quarantined', () =>
    fleet.hosts.map(({ name, quarantinedBecause }) => ({
      labels: { host: name },
      value: Number(quarantinedBecause.length > 0),
    })),
  );
  metrics.values('ordeal_controller_injections', () =>
    counted(
      injectionStates,
      known.list(true).map(({ state }) => state ?? ''),
    ).map(({ name, value }) => ({ labels: { state: name }, value })),
  );
  metrics.value('ordeal_controller_injection_overdue_seconds', () => known.overdueUs(wallUs()) / 1e6);
  metrics.values('ordeal_controller_campaigns', () =>
    counted(
      campaignStates,
      campaigns.all.map(({ record }) => record.state),
    ).map(({ name, value }) => ({ labels: { state: name }, value })),
  );
  metrics.values('ordeal_controller_trials', () => {
    const ended = campaigns.trials.filter(({ phase }) => phase === 'ended');
    const outcomes = ended.flatMap(({ end }) => (end === undefined ? [] : [end.outcome]));
    return counted(trialOutcomes, outcomes).map(({ name, value }) => ({ labels: { outcome: name }, value }));
  });
  return metrics.registry;
}

function counted(names: readonly string[], found: readonly string[]): { name: string; value: number }[] {
  return names.map((name) => ({ name, value: found.filter((one) => one === name).length }));
}
