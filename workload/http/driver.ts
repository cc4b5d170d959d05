import type { Driver } from '../driver.ts';
import { durationUs, type HttpOptions, httpOptions } from './options.ts';

export const httpDriver: Driver<HttpOptions> = {
  name: 'http',
  summary:
    'Open-loop HTTP/1.1: sends on a schedule fixed ahead, whatever became of earlier requests, and checks the answers.',
  options: httpOptions,
  timeoutUs: (options) => durationUs(httpOptions.parse(options).timeout),
  program: 'http/main',
};
