import type { Registry } from 'prom-client';
import { ProcessMetrics } from '../service/process-metrics.ts';

interface Sources {
  readonly activeInjections: () => number;
  readonly stuckInjections: () => number;
  readonly sessionConnected: () => boolean;
  readonly clockErrorUs: () => number | undefined;
  readonly natsConnected: () => boolean;
  readonly spoolPending: () => number;
}

/** What an agent shows of itself on /metrics. */
export function agentRegistry(sources: Sources): Registry {
  const metrics = new ProcessMetrics();
  metrics.value('ordeal_nats_connected', () => Number(sources.natsConnected()));
  metrics.value('ordeal_spool_pending_messages', sources.spoolPending);
  metrics.value('ordeal_agent_injections_active', sources.activeInjections);
  metrics.value('ordeal_agent_injections_stuck', sources.stuckInjections);
  metrics.value('ordeal_agent_session_connected', () => Number(sources.sessionConnected()));
  metrics.value('ordeal_agent_clock_error_seconds', () => {
    const errorUs = sources.clockErrorUs();
    return errorUs === undefined ? undefined : errorUs / 1e6;
  });
  return metrics.registry;
}
