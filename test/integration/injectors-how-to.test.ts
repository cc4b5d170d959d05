import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { holdToContract } from '../../injectors/contract.ts';
import type { Injection, Injector } from '../../injectors/injector.ts';
import { injectionOn, skip, TestContainer } from './injector-bed.ts';
import { TaskLimit } from './task-limit/injector.ts';

/** Another process' injector: it remembers nothing of what another one did. */
function afresh(): Injector {
  return holdToContract(new TaskLimit());
}

function asJournalled<Value>(value: Value): Value {
  return z.custom<Value>().parse(JSON.parse(JSON.stringify(value)));
}

interface Bed {
  readonly container: TestContainer;
  readonly injection: Injection;
  readonly limitFile: string;
}

async function bedFor(context: TestContext): Promise<Bed> {
  const container = await TestContainer.make(context);
  const limitFile = await container.file('pids.max');
  return { container, injection: injectionOn(await container.target()), limitFile };
}

async function textOf(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim();
}

/** A process in the container that knows nothing of Ordeal: it forks again and again, and notes what became of each fork. */
async function forker(context: TestContext, container: TestContainer): Promise<() => Promise<string[]>> {
  const directory = await mkdtemp('/tmp/ordeal-forker-');
  context.after(async () => {
    await rm(directory, { recursive: true });
  });
  const file = join(directory, 'forks');
  const script = `open(my $f, '>>', $ARGV[0]); $f->autoflush; for (;;) { my $p = fork;
    if (defined $p && !$p) { exit } waitpid $p, 0 if $p; print $f defined $p ? "forked\\n" : "refused\\n"; select undef, undef, undef, 0.01 }`;
  await container.start(['perl', '-MIO::Handle', '-e', script, file]);
  return async () => (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1);
}

/** What became of the next forks; the one that was under way may still be of the time before. */
async function next(notes: () => Promise<string[]>): Promise<Set<string>> {
  const from = (await notes()).length + 1;
  let seen = await notes();
  for (; seen.length < from + 5; seen = await notes()) await sleep(5);
  return new Set(seen.slice(from));
}

describe('an injector by the words of the document', { skip }, () => {
  test('is supported here', async () => {
    assert.deepEqual(await afresh().supported(), { supported: true });
  });

  test('makes a fault that the victim feels and its neighbour does not, until another process ends it', async (context) => {
    const { container, injection, limitFile } = await bedFor(context);
    const victim = await forker(context, container);
    const neighbour = await forker(context, await TestContainer.make(context));
    const memory = await afresh().capture(injection);
    const injector = afresh();
    await injector.apply(injection, memory);
    await injector.apply(injection, memory);
    assert.deepEqual(await injector.verify(injection, memory, 'applied'), { holds: true });
    assert.deepEqual(await next(victim), new Set(['refused']));
    assert.deepEqual(await next(neighbour), new Set(['forked']));
    const reverter = afresh();
    const reverted = await reverter.revert(asJournalled(injection), asJournalled(memory));
    assert.deepEqual(await next(victim), new Set(['forked']));
    assert.equal(reverted.count, (await victim()).filter((note) => note === 'refused').length);
    assert.equal(await textOf(limitFile), 'max');
    assert.deepEqual(await reverter.verify(injection, memory, 'reverted'), { holds: true });
    assert.deepEqual(await reverter.handles([injection.target]), []);
  });

  test('ends what was never applied, and what was ended already', async (context) => {
    const { injection, limitFile } = await bedFor(context);
    const memory = await afresh().capture(injection);
    const reverted = await afresh().revert(asJournalled(injection), asJournalled(memory));
    assert.deepEqual([reverted.count, await textOf(limitFile)], ['unknown', 'max']);
    await afresh().apply(injection, memory);
    for (const count of [0, 'unknown']) {
      const again = await afresh().revert(asJournalled(injection), asJournalled(memory));
      assert.deepEqual([again.count, await textOf(limitFile)], [count, 'max']);
    }
  });

  test('leaves a limit that somebody else has set since', async (context) => {
    const { injection, limitFile } = await bedFor(context);
    const memory = await afresh().capture(injection);
    await afresh().apply(injection, memory);
    await writeFile(limitFile, '77');
    await assert.rejects(afresh().apply(injection, memory), { code: 'APPLY_FAILED' });
    await afresh().revert(injection, memory);
    assert.equal(await textOf(limitFile), '77');
  });

  test('ends what is gone with its target, applied or not', async (context) => {
    for (const applied of [true, false]) {
      const { container, injection } = await bedFor(context);
      const memory = await afresh().capture(injection);
      if (applied) await afresh().apply(injection, memory);
      await container.remove();
      assert.equal((await afresh().revert(asJournalled(injection), asJournalled(memory))).count, 'unknown');
    }
  });

  test('refuses a limit that takes nothing away', async (context) => {
    const { injection } = await bedFor(context);
    const memory = await afresh().capture(injection);
    await afresh().apply(injection, memory);
    await assert.rejects(afresh().capture(injection), {
      code: 'INVALID_INPUT',
      message: /no more than 0 tasks/,
    });
  });
});
