export interface MetricDeclaration {
  readonly type: 'gauge' | 'counter';
  readonly labels: readonly string[];
  readonly help: string;
}

const ofTrial = ['campaign', 'trial', 'cell', 'fault'] as const;

/** Every metric of Ordeal beside those of the process itself; docs/metrics.md is tied to it by a test. */
export const metricCatalogue = {
  ordeal_nats_connected: {
    type: 'gauge',
    labels: [],
    help: '1 while the process is connected to NATS, else 0.',
  },
  ordeal_spool_pending_messages: {
    type: 'gauge',
    labels: [],
    help: 'Messages of the process that the event store has not taken yet.',
  },
  ordeal_agent_injections_active: {
    type: 'gauge',
    labels: [],
    help: 'Injections on this host that have begun and are not yet proved gone.',
  },
  ordeal_agent_injections_stuck: {
    type: 'gauge',
    labels: [],
    help: 'Injections on this host whose revert has not succeeded; the agent goes on trying.',
  },
  ordeal_agent_session_connected: {
    type: 'gauge',
    labels: [],
    help: '1 while the controller answers this agent, else 0.',
  },
  ordeal_agent_clock_error_seconds: {
    type: 'gauge',
    labels: [],
    help: "How well this host knows the controller's clock; absent before the first exchange.",
  },
  ordeal_controller_host_connected: {
    type: 'gauge',
    labels: ['host'],
    help: '1 while the agent of the host beats, else 0; of every host that joined since the controller started.',
  },
  ordeal_controller_host_lease_age_seconds: {
    type: 'gauge',
    labels: ['host'],
    help: 'Since the last beat of the agent of the host.',
  },
  ordeal_controller_host_quarantined: {
    type: 'gauge',
    labels: ['host'],
    help: '1 while something of Ordeal was found on the host that is not gone yet, else 0.',
  },
  ordeal_controller_injections: {
    type: 'gauge',
    labels: ['state'],
    help: 'Injections that this controller has ordered, by the last that was heard of each; the latest 5000.',
  },
  ordeal_controller_injection_overdue_seconds: {
    type: 'gauge',
    labels: [],
    help: 'For how long an injection has been active or stuck beyond its duration, of the worst one; 0 where there is none.',
  },
  ordeal_controller_campaigns: {
    type: 'gauge',
    labels: ['state'],
    help: 'Campaigns in the memory of this controller, by state.',
  },
  ordeal_controller_trials: {
    type: 'gauge',
    labels: ['outcome'],
    help: 'Trials that have ended, by the outcome of their last attempt.',
  },
  ordeal_metrics_events_total: {
    type: 'counter',
    labels: [],
    help: 'Events taken in, repeated deliveries included.',
  },
  ordeal_metrics_samples_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Requests of the load taken in as samples, by outcome, repeated deliveries included.',
  },
  ordeal_metrics_invalid_messages_total: {
    type: 'counter',
    labels: [],
    help: 'Messages that were passed over, because they cannot be read or come from another than they say.',
  },
  ordeal_trial_verdict: {
    type: 'gauge',
    labels: ofTrial,
    help: 'Verdict of the trial: 1 pass, 0 fail, -1 unknown.',
  },
  ordeal_trial_unavailability_seconds: {
    type: 'gauge',
    labels: ofTrial,
    help: 'U of the trial; of one that did not recover, what had accumulated at its end.',
  },
  ordeal_trial_recovered: {
    type: 'gauge',
    labels: ofTrial,
    help: '0 where the service was still out at the end of the trial, else 1.',
  },
  ordeal_trial_latency_seconds: {
    type: 'gauge',
    labels: [...ofTrial, 'window', 'quantile'],
    help: 'L50 and L90 before, during and after the fault; absent where the rank falls on a failed request.',
  },
  ordeal_trial_throughput_requests_per_second: {
    type: 'gauge',
    labels: [...ofTrial, 'window'],
    help: 'Successful requests a second before, during and after the fault.',
  },
  ordeal_trial_requests: {
    type: 'gauge',
    labels: [...ofTrial, 'outcome'],
    help: 'Requests of the trial before, during and after the fault together, by outcome.',
  },
  ordeal_trial_lateness_seconds: {
    type: 'gauge',
    labels: [...ofTrial, 'quantile'],
    help: 'How much later than planned the load of the trial was sent.',
  },
  ordeal_trial_effects: {
    type: 'gauge',
    labels: [...ofTrial, 'mechanism'],
    help: 'Effects of the injections of the trial, each in the unit of its mechanism; absent where a counter was lost.',
  },
  ordeal_trial_detected: {
    type: 'gauge',
    labels: ofTrial,
    help: '1 where the infrastructure detected the fault, 0 where not; absent where unknown.',
  },
  ordeal_trial_infrastructure_recovered: {
    type: 'gauge',
    labels: ofTrial,
    help: '1 where the infrastructure recovered from the fault it detected, 0 where not; absent where unknown.',
  },
  ordeal_trial_detection_latency_seconds: {
    type: 'gauge',
    labels: ofTrial,
    help: 'From the first effect to the detection; absent where it is not known or only a bound.',
  },
  ordeal_trial_recovery_latency_seconds: {
    type: 'gauge',
    labels: ofTrial,
    help: 'From the detection to the end of the repair; absent where it is not known or only a bound.',
  },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;

export type MetricName = keyof typeof metricCatalogue;
