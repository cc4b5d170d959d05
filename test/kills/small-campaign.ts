import { campaignText, faults } from '../e2e/campaign-text.ts';
import type { EmbeddedSystem } from '../../embedded/layout.ts';

const timeline = '{ warmUp: 0s, before: 6s, during: 1500ms, after: 500ms, horizon: 0s }';

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
    timeline,
  });
}

/** One fault again and again, until an interval is as narrow as none can be: after two blocks it is decided that a third one has to come. */
export function sequentialCampaign({ service }: EmbeddedSystem, name: string, seed: number): string {
  const text = campaignText({
    name,
    seed,
    url: service.url,
    faults: [faults.freeze],
    goldenRuns: 1,
    repetitions: 3,
    timeline,
  });
  return `${text}until: { narrow: [{ measure: l50, within: 1us }], atLeast: 2 }\n`;
}
