import { Gauge, Registry } from 'prom-client';
import type { Controller } from './controller.ts';

/** What /metrics tells of the controller, read when it is asked. */
export function controllerRegistry({ fleet, campaigns, known }: Controller): Registry {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: 'ordeal_controller_sessions_connected',
    help: 'Hosts whose agents beat now.',
    registers,
    collect() {
      this.set(fleet.hosts.filter(({ connected }) => connected).length);
    },
  });
  new Gauge({
    name: 'ordeal_controller_hosts_quarantined',
    help: 'Hosts on which something of Ordeal was found that is not gone yet.',
    registers,
    collect() {
      this.set(fleet.hosts.filter(({ quarantinedBecause }) => quarantinedBecause.length > 0).length);
    },
  });
  new Gauge({
    name: 'ordeal_controller_campaigns_running',
    help: 'Campaigns that have not ended.',
    registers,
    collect() {
      this.set(campaigns.running.length);
    },
  });
  new Gauge({
    name: 'ordeal_controller_injections_active',
    help: 'Faults that are there now, as far as their agents have said.',
    registers,
    collect() {
      this.set(known.active);
    },
  });
  new Gauge({
    name: 'ordeal_controller_trials',
    help: 'Trials that have ended, by the outcome of their last attempt.',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      for (const { phase, end } of campaigns.trials) {
        if (phase === 'ended') this.inc({ outcome: end?.outcome ?? 'unknown' });
      }
    },
  });
  return registry;
}
