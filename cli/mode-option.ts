import { parseDurationUs } from '../clock/duration.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Mode } from '../proto/generated/ordeal/v1/Mode.ts';

interface ModeOptions {
  readonly share?: string;
  readonly oneIn?: string;
  readonly burst?: string;
}

/** When, between its start and its end, a fault touches a transfer; all of the time where none of the options is given. */
export function modeOption({ share, oneIn, burst }: ModeOptions): Mode {
  if ([share, oneIn, burst].filter((one) => one !== undefined).length > 1) {
    throw new OrdealError(
      'INVALID_INPUT',
      '--share, --one-in and --burst exclude each other: give one of them',
    );
  }
  if (burst !== undefined) return { burst: burstOf(burst) };
  if (share !== undefined) {
    const percent = /^(\d+(?:\.\d+)?)%$/.exec(share)?.[1];
    if (percent === undefined || Number(percent) > 100) {
      throw new OrdealError(
        'INVALID_INPUT',
        `--share is "${share}"; it has to be a percentage from 0% to 100%, such as 30%`,
      );
    }
    return { share: Number(percent) / 100 };
  }
  return oneIn === undefined ? { permanent: true } : { oneIn: wholeNumber('--one-in', oneIn, 1) };
}

function burstOf(text: string): { onUs: number; offUs: number } {
  const [onUs, offUs, ...more] = text.split('/').map(parseDurationUs);
  if (onUs && offUs && more.length === 0) return { onUs, offUs };
  throw new OrdealError(
    'INVALID_INPUT',
    `--burst is "${text}"; it has to be two durations above 0 with their units, such as 200ms/800ms`,
  );
}

export function wholeNumber(option: string, text: string, least: number): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) < least || Number(text) > 2 ** 31) {
    throw new OrdealError(
      'INVALID_INPUT',
      `${option} is "${text}"; it has to be a whole number from ${least} to ${2 ** 31}`,
    );
  }
  return Number(text);
}
