import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { monotonicUs } from '../../clock/monotonic.ts';
import { run } from '../../command/run.ts';
import { isKind } from '../../events/event.ts';
import { guardianProgram } from '../../service/guardian-program.ts';
import { until } from '../until.ts';
import { AgentSetting } from './agent-setting.ts';

const skip = process.geteuid?.() === 0 ? false : 'needs root: it faults cgroups';

/** Becomes the agent once this file is not there: so long the guardian is alone. */
const waits = 'while [ -e "$0" ]; do sleep 0.05; done; exec "$@"';

/** All that lasts until somebody writes something. */
const faults = {
  'cgroup-freeze': async ({ container }: AgentSetting) => await container.isFrozen(),
  'cpu-quota': async ({ container }: AgentSetting) => await container.hasQuota(),
  'memory-limit': async ({ container }: AgentSetting) => await container.hasMemoryLimit(),
};

type Mechanism = keyof typeof faults;

const mechanisms = Object.keys(faults) as Mechanism[];

/** An agent under a guardian, as all of these faults of a container are under way. */
class Guarded {
  readonly setting: AgentSetting;
  readonly #hold: string;
  #guardian: ChildProcess;

  private constructor(setting: AgentSetting, hold: string, guardian: ChildProcess) {
    this.setting = setting;
    this.#hold = hold;
    this.#guardian = guardian;
  }

  /** The faults are active when this resolves. */
  static async amid(context: Parameters<typeof AgentSetting.make>[0]): Promise<Guarded> {
    const setting = await AgentSetting.make(context);
    const hold = join(setting.settings.state, 'hold');
    const guarded = new Guarded(setting, hold, startGuardian(setting, hold));
    const { controller } = setting;
    await controller.begin(
      ...mechanisms.map((one) => setting.injection(one, one, { durationUs: 4_000_000 })),
    );
    return guarded;
  }

  /** Those that are there. */
  async there(): Promise<Mechanism[]> {
    const looked = await Promise.all(mechanisms.map(async (one) => await faults[one](this.setting)));
    return mechanisms.filter((_, n) => looked[n]);
  }

  get #pid(): number {
    return this.#guardian.pid ?? 0;
  }

  async agent(): Promise<number> {
    return Number(await run('ps', ['-o', 'pid=', '--ppid', String(this.#pid)]));
  }

  /** From now on no agent starts. */
  async hold(): Promise<void> {
    await writeFile(this.#hold, '');
  }

  async release(): Promise<void> {
    await rm(this.#hold);
  }

  async signal(name: NodeJS.Signals): Promise<void> {
    process.kill(await this.agent(), name);
  }

  async killGuardian(): Promise<void> {
    await this.setting.end(this.#guardian, 'SIGKILL');
  }

  startGuardian(): void {
    this.#guardian = startGuardian(this.setting, this.#hold);
  }

  /** As its will says it; it is the same of all. */
  async deadlineUs(): Promise<number> {
    const text = await readFile(join(this.setting.settings.state, 'wills', `${mechanisms[0]}.will`), 'utf8');
    return Number(/^deadline_us (\d+)$/m.exec(text)?.[1]);
  }

  async end(): Promise<void> {
    await rm(this.#hold, { force: true });
    await this.setting.end(this.#guardian, 'SIGTERM');
  }

  /** The host and the record, once an agent is back that has said how they ended. */
  async assertEndedBetween(deadlineUs: number, goneUs: number): Promise<void> {
    const { setting } = this;
    for (const one of mechanisms) {
      const { errorMessage, state } = await setting.controller.status(one, 'ENDED', 'FAILED');
      assert.deepEqual([state, errorMessage], ['ENDED', ''], one);
    }
    await until('nothing is in the journal', async () => (await setting.journal()).length === 0);
    assert.deepEqual(await readdir(join(setting.settings.state, 'wills')), []);
    const left = new Set<string>(mechanisms);
    const events = await setting.eventsUntil((event) => {
      if (isKind(event, 'injection.reverted')) left.delete(event.body.injection);
      return left.size === 0;
    });
    for (const event of events) {
      if (!isKind(event, 'injection.reverted')) continue;
      assert.equal(event.body.because, 'deadline', event.body.injection);
      const { monoUs } = event;
      assert.ok(monoUs >= deadlineUs && monoUs <= goneUs, `${deadlineUs} ${monoUs} ${goneUs}`);
    }
  }
}

function startGuardian(setting: AgentSetting, hold: string): ChildProcess {
  const wills = join(setting.settings.state, 'wills');
  return setting.start([guardianProgram(), '--wills', wills, '--', 'sh', '-c', waits, hold]);
}

describe('the guardian ends at their deadlines a freeze, a quota and a memory limit', { skip }, () => {
  test('of an agent that is killed, and starts another, whose record says so', async (context) => {
    const guarded = await Guarded.amid(context);
    try {
      const deadlineUs = await guarded.deadlineUs();
      await guarded.hold();
      await guarded.signal('SIGKILL');
      assert.deepEqual(await guarded.there(), mechanisms);
      await until('they are gone', async () => (await guarded.there()).length === 0);
      const goneUs = monotonicUs();
      await guarded.release();
      await guarded.assertEndedBetween(deadlineUs, goneUs);
      assert.ok(guarded.setting.controller.hellos.length > 1, 'another agent has dialled');
    } finally {
      await guarded.end();
    }
  });

  test('of an agent that is stopped, which knows of it when it goes on', async (context) => {
    const guarded = await Guarded.amid(context);
    try {
      const deadlineUs = await guarded.deadlineUs();
      await guarded.signal('SIGSTOP');
      await until('they are gone', async () => (await guarded.there()).length === 0);
      const goneUs = monotonicUs();
      await guarded.signal('SIGCONT');
      await guarded.assertEndedBetween(deadlineUs, goneUs);
    } finally {
      await guarded.end();
    }
  });

  test('also as another guardian than the one that took the wills', async (context) => {
    const guarded = await Guarded.amid(context);
    try {
      const deadlineUs = await guarded.deadlineUs();
      await guarded.hold();
      const agent = await guarded.agent();
      process.kill(agent, 'SIGSTOP');
      await guarded.killGuardian();
      process.kill(agent, 'SIGKILL');
      assert.deepEqual(await guarded.there(), mechanisms);
      guarded.startGuardian();
      await until('they are gone', async () => (await guarded.there()).length === 0);
      const goneUs = monotonicUs();
      await guarded.release();
      await guarded.assertEndedBetween(deadlineUs, goneUs);
    } finally {
      await guarded.end();
    }
  });
});

describe('an agent whose guardian is killed', { skip }, () => {
  test('says so, ends its faults, and then itself', async (context) => {
    const guarded = await Guarded.amid(context);
    try {
      const { controller } = guarded.setting;
      await guarded.killGuardian();
      for (const one of mechanisms)
        assert.equal((await controller.status(one, 'ENDED', 'FAILED')).state, 'ENDED');
      assert.deepEqual(await guarded.there(), []);
      assert.match(controller.logged, /the guardian of this agent is gone/);
      guarded.startGuardian();
      await controller.until('another agent has dialled', () => controller.hellos[1]);
    } finally {
      await guarded.end();
    }
  });
});
