import type { Client } from '@grpc/grpc-js';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { ProtoGrpcType as ControlProto } from '../proto/generated/control.ts';
import type { ProtoGrpcType as MetricsProto } from '../proto/generated/metrics.ts';
import type {
  ControlServiceClient,
  ControlServiceDefinition,
} from '../proto/generated/ordeal/v1/ControlService.ts';
import type {
  MetricsServiceClient,
  MetricsServiceDefinition,
} from '../proto/generated/ordeal/v1/MetricsService.ts';
import type { PlannedTrial__Output } from '../proto/generated/ordeal/v1/PlannedTrial.ts';
import type { PlanHead__Output } from '../proto/generated/ordeal/v1/PlanHead.ts';
import type { CampaignFile } from '../proto/generated/ordeal/v1/CampaignFile.ts';
import type { RunRequest } from '../proto/generated/ordeal/v1/RunRequest.ts';
import type { WatchCampaignRequest } from '../proto/generated/ordeal/v1/WatchCampaignRequest.ts';
import type { Role } from '../service/certificates.ts';
import { channelOptions, clientCredentials, tlsFiles } from '../service/credentials.ts';
import { loadProto } from '../service/proto.ts';
import { asking, hostsAnswerWithinMs, read } from './calls.ts';
import { Home } from './home.ts';

/** A controller or metrics service that hangs is given up on, however long its answer may take. */
const aliveOptions = {
  ...channelOptions,
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 20_000,
} as const;

export async function withControl<Answer>(
  use: (control: Control) => Promise<Answer>,
  home = new Home(),
): Promise<Answer> {
  const { control } = home.endpoints();
  const { ControlService } = loadProto<ControlProto>('ordeal/v1/control.proto').ordeal.v1;
  return await using(
    new ControlService(control, credentials(home, 'controller'), aliveOptions),
    control,
    async (client) => await use(controlOf(client, ControlService.service)),
  );
}

export async function withMetrics<Answer>(use: (metrics: Metrics) => Promise<Answer>): Promise<Answer> {
  const home = new Home();
  const { metrics } = home.endpoints();
  const { MetricsService } = loadProto<MetricsProto>('ordeal/v1/metrics.proto').ordeal.v1;
  return await using(
    new MetricsService(metrics, credentials(home, 'metrics'), aliveOptions),
    metrics,
    async (client) => await use(metricsOf(client, MetricsService.service)),
  );
}

export type Control = ReturnType<typeof controlOf>;
export type Metrics = ReturnType<typeof metricsOf>;

function controlOf(client: ControlServiceClient, rpc: ControlServiceDefinition) {
  return {
    runCampaign: asking(client, rpc.RunCampaign),
    listCampaigns: asking(client, rpc.ListCampaigns),
    abortCampaign: asking(client, rpc.AbortCampaign),
    pauseCampaign: asking(client, rpc.PauseCampaign),
    resumeCampaign: asking(client, rpc.ResumeCampaign),
    listHosts: asking(client, rpc.ListHosts),
    listFaults: asking(client, rpc.ListFaults),
    inject: asking(client, rpc.Inject, hostsAnswerWithinMs),
    listInjections: asking(client, rpc.ListInjections),
    stopInjection: asking(client, rpc.StopInjection, hostsAnswerWithinMs),
    stopAll: asking(client, rpc.StopAll),
    addSchedule: asking(client, rpc.AddSchedule),
    listSchedules: asking(client, rpc.ListSchedules),
    getSchedule: asking(client, rpc.GetSchedule),
    listNextInstants: asking(client, rpc.ListNextInstants),
    removeSchedule: asking(client, rpc.RemoveSchedule),
    pauseSchedule: asking(client, rpc.PauseSchedule),
    resumeSchedule: asking(client, rpc.ResumeSchedule),
    watchCampaign: (request: WatchCampaignRequest) => read(client.watchCampaign(request)),
    planCampaign: async (request: CampaignFile) => await collectPlan(client, request),
  };
}

function metricsOf(client: MetricsServiceClient, rpc: MetricsServiceDefinition) {
  return {
    listRuns: asking(client, rpc.ListRuns),
    exportRun: (request: RunRequest) => read(client.exportRun(request)),
  };
}

async function collectPlan(
  client: ControlServiceClient,
  request: CampaignFile,
): Promise<{ head: PlanHead__Output; trials: PlannedTrial__Output[] }> {
  let head: PlanHead__Output | null = null;
  const trials: PlannedTrial__Output[] = [];
  for await (const part of read(client.planCampaign(request))) {
    head ??= part.head ?? null;
    if (part.trial) trials.push(part.trial);
  }
  if (head === null) throw new OrdealError('INTERNAL', 'the controller answered a plan without a head');
  return { head, trials };
}

function credentials(home: Home, server: Role) {
  return clientCredentials(tlsFiles(home.certificates, 'operator'), server);
}

async function using<Some extends Client, Answer>(
  client: Some,
  address: string,
  use: (client: Some) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await use(client);
  } catch (error) {
    if (!(error instanceof OrdealError) || error.code !== 'NOT_RUNNING') throw error;
    throw new OrdealError('NOT_RUNNING', `nothing answers at ${address}: ${error.message}`, { cause: error });
  } finally {
    client.close();
  }
}
