import { readFileSync } from 'node:fs';
import { compile } from '../campaign/compile.ts';
import type { HostInventory } from '../campaign/inventory.ts';
import { readCampaign } from '../campaign/read.ts';
import { monotonicUs } from '../clock/monotonic.ts';
import { gzipSync } from 'node:zlib';
import { descriptors } from '../injectors/catalogue.ts';

// What one process needs to make a large plan; run by itself, so that its memory is that of planning alone.

const hosts = 100;
const trials = 10_000;

const capabilities = descriptors.map(({ name }) => ({
  mechanism: name,
  supported: true,
  reason: '',
  remedy: '',
}));
const inventory = Array.from({ length: hosts }, (_, index): HostInventory => {
  const containers = Array.from({ length: 20 }, (_unused, at) => ({
    kind: 'container' as const,
    name: `web-${at}`,
  }));
  return {
    host: `host-${String(index + 1).padStart(3, '0')}`,
    labels: { role: 'nfvi' },
    resources: [{ kind: 'nic', name: 'eth0' }, ...containers],
    capabilities,
  };
});
const text = readFileSync(new URL('../campaigns/quickstart.yaml', import.meta.url), 'utf8')
  .replaceAll(/host: (tester|host-\d)\b/g, 'host: host-001')
  .replaceAll(
    'target: { host: host-001, container: web }',
    'target: { host: "*", container: web-1, pick: each }',
  )
  .replaceAll('target: { host: host-001, nic: eth0 }', 'target: { host: "*", nic: eth0, pick: each }')
  .replace('repetitions: 1', `repetitions: ${trials / hosts / 5}`)
  .replace('goldenRuns: 1', 'goldenRuns: 0');

const beganUs = monotonicUs();
const campaign = readCampaign(text, 'quickstart.yaml', { allowSubstitute: true });
const plan = compile(campaign, inventory);
const seconds = (monotonicUs() - beganUs) / 1e6;
const packedKiB = gzipSync(JSON.stringify(plan)).length / 1024;
const peakMiB = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ trials: plan.trials.length, seconds, peakMiB, packedKiB }));
