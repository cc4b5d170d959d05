import { distributionOf, type WindowDistributions } from './distribution.ts';
import { exampleInstants } from './setting.example.ts';
import type { Series } from './series.ts';

/** Of a rate of 250/s: calm but for a stretch in which a share of the requests fails. */
export function exampleSeries(downUntilUs: number, share: number): Series {
  const binUs = 250_000;
  const bins = Array.from({ length: 200 }, (_, index) => {
    const atUs = index * binUs - 10e6;
    const down = atUs >= 0 && atUs < downUntilUs;
    const failed = down ? Math.round(62 * share) : 0;
    const jitter = 1 + 0.2 * Math.sin(index * 1.7) + 0.1 * Math.cos(index * 0.3);
    return {
      sent: 62 + (index % 2),
      failed,
      l50Us: down && share > 0.5 ? Infinity : 1_100 * jitter,
      l90Us: down ? Infinity : 2_300 * jitter + (index % 37 === 5 ? 30_000 : 0),
    };
  });
  return { fromUs: exampleInstants.startUs, untilUs: exampleInstants.endUs, binUs, bins };
}

/** A share of the requests fails during the fault, and another one after it. */
export function exampleDistributions(during: number, after: number): WindowDistributions {
  const requests = (share: number, slow: number): number[] =>
    Array.from({ length: 2_500 }, (_, index) =>
      index < 2_500 * share
        ? Infinity
        : slow * 1_000 * (1 + 0.4 * Math.sin(index) + (index % 61 === 0 ? 30 : 0)),
    );
  return {
    before: distributionOf(requests(0, 1)),
    during: distributionOf(requests(during, during > 0 ? 9 : 1)),
    after: distributionOf(requests(after, 1.1)),
  };
}
