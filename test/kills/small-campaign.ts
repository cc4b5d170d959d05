import { campaignText, faults } from '../e2e/campaign-text.ts';
import type { EmbeddedSystem } from '../../embedded/layout.ts';

/** Every fault that leaves something behind where nobody ends it, in another place each: a cgroup, nftables, a queue; and a golden run. */
export function smallCampaign({ service }: EmbeddedSystem, name: string, seed: number): string {
  return campaignText({
    name,
    seed,
    url: service.url,
    faults: [
      faults.freeze,
      faults.drop,
      '{ name: slow, cell: virtual.network.delay, mechanism: link-saturate, target: { host: host-2, container: web } }',
    ],
    goldenRuns: 1,
    timeline: '{ warmUp: 0s, before: 6s, during: 1500ms, after: 500ms, horizon: 0s }',
  });
}
