import { markup, type Markup } from './markup.ts';

/** Each measure in a sentence, so that the report explains itself. */
export function glossarySection(): Markup {
  return markup`<section>
<h2 id="words">The measures in short</h2>
<dl>${words.map(([word, meaning]) => markup`<div><dt>${word}</dt><dd>${meaning}</dd></div>`)}</dl>
</section>`;
}

const words: readonly (readonly [string, string])[] = [
  ['Trial', 'One run of the load with one fault; a golden run is one without a fault.'],
  [
    'Cell',
    'A kind of fault: where it strikes, on what, and whether it makes that unavailable, slow or corrupt.',
  ],
  [
    'Before, during, after',
    'From the start of a trial to the injection; to the removal of the fault; to the end of the load.',
  ],
  [
    'L50, L90',
    'The latency that half, and nine tenths, of the requests did not exceed, from when each was to be sent; a failed request is slower than every other.',
  ],
  ['Throughput', 'Requests that were answered well, for each second.'],
  [
    'U',
    'Unavailability: how long, from the injection on, more of the requests failed than the reference allows; infinite (∞) where the service had not come back at the end of the trial.',
  ],
  [
    'Effect',
    'A packet, a process, a period that the fault really touched; a fault without any says nothing.',
  ],
  [
    'Detection',
    'The first line in which the infrastructure itself says that something is wrong with what was hit.',
  ],
  [
    'FDC',
    'Fault detection coverage: the share that was detected, of the faults that were detected or that did harm undetected.',
  ],
  [
    'FDL',
    'Fault detection latency: from the first effect (or, in the thesis’s manner, the injection) to the detection.',
  ],
  [
    'FRC',
    'Fault recovery coverage: the share of the detected faults that the infrastructure repaired in time, with the service as it was before.',
  ],
  ['FRL', 'Fault recovery latency: from the detection to the end of the repair.'],
  [
    'By the record alone',
    'What the infrastructure says of its repairs, whatever the service was like after them.',
  ],
  [
    'Healed on removal',
    'The service came back when the fault was taken away, and nobody had repaired anything.',
  ],
  ['False alarm', 'A detection where there was no fault to detect.'],
  [
    'Outcome',
    'What came of the fault of a trial: what its users felt of it at the worst, who ended it; masked where they felt nothing and the infrastructure noticed the fault, of no effect where neither did.',
  ],
  [
    'Cliff’s delta',
    'How likely a trial with the fault has more of a measure than a golden run, less how likely it has less; 0 where neither is.',
  ],
  [
    'p, after the correction',
    'How often chance alone would set a cell apart from the golden runs so much; small (0.05) is distinguishable. The correction is for asking so many times.',
  ],
  ['Drift', 'That the golden runs become slower or faster over the campaign.'],
  ['Interval', 'Where the true value lies in 95 of 100 such campaigns; few trials make it wide.'],
  ['Unknown', 'It cannot be said; it is neither zero nor good.'],
];
