import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { issueCertificate, type Role } from '../../service/certificates.ts';
import { metricCatalogue } from '../../service/metric-catalogue.ts';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';
import { setup, type NatsServer } from './nats-server.ts';

const root = join(import.meta.dirname, '../..');
const deployed = join(root, 'deploy/prometheus');

const targetSchema = z.object({ datasource: z.unknown(), expr: z.string().min(1), refId: z.string() });
const panelSchema = z.object({
  id: z.int(),
  title: z.string().min(1),
  datasource: z.object({ type: z.literal('prometheus'), uid: z.literal('${datasource}') }),
  fieldConfig: z.object({ defaults: z.object({ unit: z.string().min(1) }) }),
  targets: z.array(targetSchema).min(1),
});
const dashboardSchema = z.object({
  uid: z.string(),
  title: z.string(),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string() })) }),
  panels: z.array(panelSchema).min(1),
});

const rulesSchema = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({ name: z.string(), query: z.string(), health: z.string(), state: z.string() }),
        ),
      }),
    ),
  }),
});
const resultSchema = z.object({
  status: z.string(),
  error: z.string().optional(),
  data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()) })) }).optional(),
});

const dashboard = dashboardSchema.parse(
  JSON.parse(await readFile(join(root, 'deploy/grafana/ordeal-dashboard.json'), 'utf8')),
);
const dashboardExpressions = dashboard.panels
  .flatMap(({ targets }) => targets.map(({ expr }) => expr))
  .map((expr) => expr.replaceAll('$campaign', '.*'));

describe('the files for Prometheus and Grafana', () => {
  let directory: string;
  let nats: NatsServer;
  let api: string;
  const children: ChildProcess[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ordeal-prometheus-'));
    nats = await setup(['node-1']);
    const roles: [string, Role][] = [
      ['controller', 'controller'],
      ['metrics', 'metrics'],
      ['agent-node-1', 'agent'],
    ];
    for (const [name, role] of roles) {
      await issueCertificate(nats.certificates, { name, role, addresses: [] });
    }
    const control = `127.0.0.1:${await freePort()}`;
    const status = [await freePort(), await freePort(), await freePort()] as const;
    ordeal('controller', status[0], '--listen', control);
    ordeal(
      'metrics',
      status[1],
      '--listen',
      `127.0.0.1:${await freePort()}`,
      '--runs',
      join(directory, 'runs'),
    );
    ordeal('agent', status[2], '--host', 'node-1', '--controller', control, '--containers', 'none');
    api = `http://127.0.0.1:${await startPrometheus(status)}/api/v1`;
    await until('the three targets are up, and the agent is there', async () => {
      const { length } = await found('up == 1');
      return length === 3 && (await found('ordeal_controller_host_connected == 1')).length === 1;
    });
  });
  after(async () => {
    for (const child of children) await end(child);
    await nats.cleanup();
    await rm(directory, { recursive: true });
  });

  function ordeal(process_: string, statusPort: number, ...more: string[]): void {
    const args = ['--nats', nats.servers, '--certificates', nats.certificates];
    const state = ['--state', join(directory, process_), '--status-port', String(statusPort)];
    const main = join(root, 'cli/main.ts');
    start(process.execPath, ['--import', 'tsx', main, process_, ...args, ...state, ...more]);
  }

  /** With the example's own configuration, but for its ports and for how often it looks. */
  async function startPrometheus(status: readonly number[]): Promise<number> {
    const configuration = join(directory, 'prometheus.yml');
    await cp(join(deployed, 'alerts.yml'), join(directory, 'alerts.yml'));
    const example = await readFile(join(deployed, 'prometheus.yml'), 'utf8');
    await writeFile(
      configuration,
      [7703, 7704, 7705]
        .reduce((text, usual, index) => text.replace(`:${usual}'`, `:${status[index] ?? 0}'`), example)
        .replaceAll(/_interval: \d+s/g, '_interval: 1s'),
    );
    const port = await freePort();
    start('prometheus', [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ]);
    return port;
  }

  function start(program: string, args: readonly string[]): void {
    children.push(
      spawn(program, args, {
        stdio: 'ignore',
        cwd: root,
        env: { ...process.env, ORDEAL_HOME: directory },
      }),
    );
  }

  async function query(expression: string): Promise<z.infer<typeof resultSchema>> {
    const answer = await fetch(`${api}/query?query=${encodeURIComponent(expression)}`);
    return resultSchema.parse(await answer.json());
  }

  async function found(expression: string): Promise<unknown[]> {
    return (await query(expression).catch(() => undefined))?.data?.result ?? [];
  }

  test('promtool takes the example configuration with its rules', async () => {
    await promisify(execFile)('promtool', ['check', 'config', join(deployed, 'prometheus.yml')]);
  });

  test('what Prometheus scraped of Ordeal is declared', async () => {
    let names: string[] = [];
    const known = [
      'ordeal_controller_host_lease_age_seconds',
      'ordeal_agent_clock_error_seconds',
      'ordeal_metrics_events_total',
    ];
    // What an agent knows of its clock, it knows only from its first beats.
    await until('each process was scraped when it had something to say', async () => {
      const { data } = await query('group by (__name__) ({__name__=~"ordeal_.*"})');
      names = (data?.result ?? []).map(({ metric }) => metric['__name__'] ?? '');
      return known.every((name) => names.includes(name));
    });
    assert.deepEqual(
      names.filter((name) => !(name in metricCatalogue)),
      [],
    );
  });

  test('every rule was evaluated, names only metrics that exist, and alerts of nothing where all is well', async () => {
    let rules: z.infer<typeof rulesSchema>['data']['groups'][number]['rules'] = [];
    await until('every rule is healthy and inactive', async () => {
      rules = rulesSchema
        .parse(await (await fetch(`${api}/rules`)).json())
        .data.groups.flatMap((group) => group.rules);
      // Until the first scrape there is no controller.
      return rules.length > 0 && rules.every(({ health, state }) => health === 'ok' && state === 'inactive');
    });
    assert.deepEqual(
      rules.flatMap(({ query: expression }) => undeclared(expression)),
      [],
    );
  });

  test('an agent that is killed is an alert, pending until its minute is over', async () => {
    const agent = children[2];
    assert.ok(agent);
    await end(agent);
    await until(
      'the alert is there',
      async () => (await found('ALERTS{alertname="OrdealAgentLost",host="node-1"}')).length === 1,
    );
  });

  for (const expression of dashboardExpressions) {
    test(`Prometheus takes the dashboard's ${expression}`, async () => {
      const { status, error } = await query(expression);
      assert.equal(status, 'success', error);
      assert.deepEqual(undeclared(expression), []);
    });
  }

  test('the panels of the dashboard have ids of their own, and their variables exist', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const variables = dashboard.templating.list.map(({ name, type }) => `${name} ${type}`);
    assert.deepEqual(variables, ['datasource datasource', 'campaign query']);
  });
});

function undeclared(expression: string): string[] {
  const names = expression.match(/ordeal_[a-z_]+/g) ?? [];
  return names.filter((name) => !(name in metricCatalogue));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
