/**
 * Runs on a machine of the lab, by the Node of the archive there: for each line of its input, a step, it brings a fault and takes it away by
 * Ordeal's own injectors, and answers with a line of what was seen before, during and after. One process for all steps: to start it takes an
 * emulated processor long.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { makeInjectors } from '/opt/ordeal/dist/injectors/registry.js';
import { Inventory } from '/opt/ordeal/dist/agent/inventory.js';

const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const inventory = new Inventory({
  host: 'nfvi-1',
  bootId,
  containers: ['system.slice/docker-*.scope'],
  peers: [],
  held: [{ path: '/', holds: 'the root' }],
});

function says(command) {
  try {
    return execFileSync('sh', ['-c', command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch (error) {
    return `exit ${error.status}`;
  }
}

async function take({ mechanism, kind, name, parameters = {}, look, midway }) {
  const injector = makeInjectors().get(mechanism);
  const { target } = (await inventory.look()).find((one) => one.kind === kind && one.name === name);
  const injection = {
    id: `lab-${Math.random().toString(36).slice(2, 10)}`,
    target,
    // As an agent does with what it is ordered to.
    parameters: injector.descriptor.parameters.parse(parameters),
    mode: { kind: 'permanent' },
    seed: 7,
    durationUs: 600_000_000,
  };
  const support = await injector.supported();
  if (!support.supported) throw new Error(`${support.reason}. ${support.remedy}`);
  const told = { before: says(look) };
  const memory = await injector.capture(injection);
  await injector.apply(injection, memory);
  told.applied = await injector.verify(injection, memory, 'applied');
  told.handles = (await injector.handles([target])).length;
  told.during = says(look);
  if (midway !== undefined) says(midway);
  // Of another process, which has only the journal: what an agent is after it was killed.
  const reverting = midway === undefined ? injector : makeInjectors().get(mechanism);
  told.reverted = await reverting.revert(injection, memory);
  told.clean = await reverting.verify(injection, memory, 'reverted');
  told.left = (await reverting.handles([target])).length;
  // A second time, by whoever began it, who looks on until then.
  await injector.revert(injection, memory);
  told.after = says(look);
  return told;
}

for await (const line of createInterface({ input: process.stdin })) {
  const told = await take(JSON.parse(line)).catch((error) => ({ error: error.message }));
  console.log(JSON.stringify(told));
}
