/** What two sides are compared in. */
export type ShareMeasure =
  'detection-coverage' | 'detected' | 'recovery-coverage' | 'recovered-by-record' | 'degraded' | 'not-back';

export type ValueMeasure =
  'unavailability' | 'l50' | 'l90' | 'throughput' | 'detection-latency' | 'recovery-latency';

export type ComparedMeasure = ShareMeasure | ValueMeasure;

export interface MeasureFacts {
  readonly title: string;
  /** In a sentence, for who reads the comparison alone. */
  readonly meaning: string;
  readonly better: 'more' | 'less';
}

export const shareMeasures: Readonly<Record<ShareMeasure, MeasureFacts>> = {
  'detection-coverage': {
    title: 'Detection coverage (FDC)',
    meaning: 'The detected, of the faults that were detected or that did harm undetected.',
    better: 'more',
  },
  detected: {
    title: 'Detected of all injected',
    meaning: 'The detected, of all faults that were injected, whether they did harm or not.',
    better: 'more',
  },
  'recovery-coverage': {
    title: 'Recovery coverage (FRC)',
    meaning: 'The recovered in time, with the service as it was before, of the detected.',
    better: 'more',
  },
  'recovered-by-record': {
    title: 'Recovered by the record',
    meaning: 'The detected faults of which the infrastructure says that it has repaired them.',
    better: 'more',
  },
  'not-back': {
    title: 'Service not back at the end',
    meaning: 'The trials in which an outage was open at the end.',
    better: 'less',
  },
  degraded: {
    title: 'Service degraded',
    meaning:
      'The trials after whose fault L90 or throughput was worse than before by more than the tolerance.',
    better: 'less',
  },
};

export const valueMeasures: Readonly<Record<ValueMeasure, MeasureFacts & { readonly unit: 'us' | '/s' }>> = {
  unavailability: {
    title: 'Unavailability (U)',
    meaning: 'How long the service was gone, from the injection on; ∞ where it had not come back.',
    better: 'less',
    unit: 'us',
  },
  l50: {
    title: 'L50 after the fault',
    meaning: 'The median latency of a trial; a failed request is slower than every other.',
    better: 'less',
    unit: 'us',
  },
  l90: {
    title: 'L90 after the fault',
    meaning: 'The 90th percentile of the latency of a trial; a failed request is slower than every other.',
    better: 'less',
    unit: 'us',
  },
  throughput: {
    title: 'Throughput after the fault',
    meaning: 'Requests that were answered well, for each second.',
    better: 'more',
    unit: '/s',
  },
  'detection-latency': {
    title: 'Detection latency (FDL)',
    meaning: 'From the injection to the detection, of the detected.',
    better: 'less',
    unit: 'us',
  },
  'recovery-latency': {
    title: 'Recovery latency (FRL)',
    meaning: 'From the detection to the end of the repair, of the recovered.',
    better: 'less',
    unit: 'us',
  },
};
