import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { monotonicUs } from '../../clock/monotonic.ts';
import { Bus } from '../../events/bus.ts';
import { isKind, type Event } from '../../events/event.ts';
import { Reporter } from '../../events/reporter.ts';
import type { ScriptedAgent } from './controller-agent.ts';
import { campaignText, ControllerBed } from './controller-bed.ts';
import { silent } from './silent.ts';

/** One fault, and a second one that waits for a recovery of the first. */
const waiting = (within: string): string =>
  `${campaignText({ faults: 2, golden: 0 })}
combinations:
  - name: amid
    faults: [{ fault: freeze-0 }, { fault: freeze-1, upon: recovery-begun, within: ${within}, during: 300ms }]
watch: [{ name: service, host: host-1, log: { file: /var/log/service.log } }]
rules: [{ name: restart, source: service, pattern: '^restarts', means: recovery-begun, by: node }]
`;

class Bed {
  readonly bed: ControllerBed;
  readonly agents: readonly ScriptedAgent[];
  readonly #say: Reporter;

  private constructor(bed: ControllerBed, agents: readonly ScriptedAgent[], say: Reporter) {
    this.bed = bed;
    this.agents = agents;
    this.#say = say;
  }

  static async make(context: TestContext): Promise<Bed> {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.measure();
    const { servers, tls } = bed.nats;
    const directory = await mkdtemp(join(tmpdir(), 'ordeal-noticed-'));
    const bus = await Bus.connect({ servers, tls, name: 'test', log: silent });
    const host = 'host-1';
    const reporter = await Reporter.open({ producer: host, host, bus, directory, log: silent });
    context.after(async () => {
      await reporter.end();
      await bus.close();
      await rm(directory, { recursive: true });
    });
    return new Bed(bed, await bed.joined('tester', host, 'host-2'), reporter);
  }

  /** What the controller has said of the combination, as soon as its fault is there. */
  async amid(): Promise<Event> {
    const isAmid = (event: Event): boolean => isKind(event, 'trial.scheduled') && event.trial === this.trial;
    await this.bed.until(() => this.bed.said('trial.scheduled').some(isAmid), 'the combination is scheduled');
    const found = this.bed.said('trial.scheduled').find(isAmid);
    assert.ok(found !== undefined && isKind(found, 'trial.scheduled'));
    await this.bed.until(() => monotonicUs() > found.body.injectUs, 'its first fault has begun');
    return found;
  }

  /** Of two faults alone and their combination, which comes last in its block. */
  readonly trial = 't003';

  line({ campaign = '', trial = '', attempt = 0 }: Event, text: string): void {
    const line = { kind: 'watch.line', watch: 'service', stamped: true, resolutionUs: 0 } as const;
    this.#say.event({ campaign, trial, attempt }, { ...line, text, readUs: monotonicUs() });
  }

  /** On how many hosts the fault was there that waits. */
  get begun(): readonly number[] {
    const ids = new Set(
      this.agents.flatMap(({ sets }) =>
        sets
          .flat()
          .flatMap((task) =>
            task.trial === this.trial && task.injection?.fault === 'freeze-1' ? [task.id] : [],
          ),
      ),
    );
    return this.agents.flatMap(({ history }) =>
      history.flatMap(({ id, state, atUs }) => (ids.has(id) && state === 'ACTIVE' ? [atUs] : [])),
    );
  }
}

// Each has processes of its own, and does little but wait.
describe('a fault that waits for what the infrastructure says', { concurrency: 2 }, () => {
  test('begins on all of its hosts at once, after that was said', async (context) => {
    const bed = await Bed.make(context);
    const running = bed.bed.run(waiting('30s'));
    const said = await bed.amid();
    bed.line(said, 'a line that no rule reads');
    const saidUs = monotonicUs();
    bed.line(said, 'restarts the service');
    const campaign = await bed.bed.ended(await running);
    assert.equal(campaign.state, 'COMPLETED');
    const [awaited] = bed.bed.said('fault.awaited');
    assert.ok(awaited !== undefined && isKind(awaited, 'fault.awaited'));
    const { fault, means, rule, startUs = 0 } = awaited.body;
    assert.deepEqual([fault, means, rule], ['freeze-1', 'recovery-begun', 'restart']);
    assert.ok(startUs > saidUs);
    assert.equal(bed.begun.length, 2);
    for (const atUs of bed.begun) assert.ok(atUs >= startUs, `${startUs - atUs} us too early`);
  });

  test('never begins where nothing of the kind is said in time, and the campaign goes on', async (context) => {
    const bed = await Bed.make(context);
    const campaign = await bed.bed.ended(await bed.bed.run(waiting('500ms')));
    assert.equal(campaign.state, 'COMPLETED');
    const [awaited] = bed.bed.said('fault.awaited');
    assert.ok(awaited !== undefined && isKind(awaited, 'fault.awaited'));
    assert.deepEqual([awaited.body.rule, awaited.body.startUs], [undefined, undefined]);
    assert.deepEqual(bed.begun, []);
  });
});
