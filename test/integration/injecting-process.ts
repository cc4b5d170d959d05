import { z } from 'zod';
import type { Injection, Memory } from '../../injectors/injector.ts';
import { makeInjectors } from '../../injectors/registry.ts';

/** A process that injects what it is given, says so, and stays: for tests that kill it. */
const given = z
  .object({ mechanism: z.string(), injection: z.custom<Injection>(), memory: z.custom<Memory>() })
  .parse(JSON.parse(process.argv[2] ?? ''));

await makeInjectors().get(given.mechanism)?.apply(given.injection, given.memory);
process.stdout.write('applied\n');
setInterval(() => undefined, 60_000);
