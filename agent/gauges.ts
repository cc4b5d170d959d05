import { Gauge, Registry } from 'prom-client';

interface Sources {
  readonly activeInjections: () => number;
  readonly connected: () => boolean;
  readonly spoolPending: () => number;
}

/** What an agent shows of itself on /metrics, read when it is asked for. */
export function agentRegistry(sources: Sources): Registry {
  const registry = new Registry();
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  const { activeInjections, connected, spoolPending } = sources;
  gauge(
    'ordeal_agent_injections_active',
    'Injections that have begun and are not yet proved gone',
    activeInjections,
  );
  gauge('ordeal_agent_session_connected', '1 while the controller answers', () => Number(connected()));
  gauge('ordeal_agent_spool_pending', 'Messages that the event store has not yet taken', spoolPending);
  return registry;
}
