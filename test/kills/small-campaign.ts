import { campaignText, faults } from '../e2e/campaign-text.ts';
import type { EmbeddedSystem } from '../../embedded/layout.ts';

/** Every fault that leaves something behind where nobody ends it, in another place each: a cgroup, nftables, a process that is gone; and golden runs. */
export function smallCampaign({ service }: EmbeddedSystem, name: string, seed: number): string {
  return campaignText({
    name,
    seed,
    url: service.url,
    faults: [
      faults.kill,
      faults.freeze,
      faults.drop,
      '{ name: starve, cell: virtual.cpu.delay, mechanism: cpu-quota, target: { host: host-2, container: web } }',
      '{ name: slow, cell: virtual.network.delay, mechanism: link-saturate, target: { host: host-2, container: web } }',
    ],
    goldenRuns: 1,
    timeline: '{ warmUp: 0s, before: 1s, during: 1500ms, after: 500ms, horizon: 0s }',
  });
}
