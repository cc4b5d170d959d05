import type { Percentile, Unavailability } from '../measures/measures.ts';

const nbsp = '\u00a0';
const minute = 60_000_000;
const hour = 60 * minute;

/** A length of time with the unit that suits it, to three digits. */
export function span(us: number): string {
  const size = Math.abs(us);
  if (size === 0) return `0${nbsp}s`;
  if (size < 999_500) return `${digits(us / 1000, 3)}${nbsp}ms`;
  if (size < 2 * minute) return `${digits(us / 1e6, 3)}${nbsp}s`;
  const [large, small, largeUnit, smallUnit] =
    size < 2 * hour ? [minute, 1e6, 'min', 's'] : [hour, minute, 'h', 'min'];
  const smalls = Math.round(size / small);
  const rest = smalls % (large / small);
  const sign = us < 0 ? '-' : '';
  const whole = `${sign}${(smalls - rest) / (large / small)}${nbsp}${largeUnit}`;
  return rest === 0 ? whole : `${whole} ${rest}${nbsp}${smallUnit}`;
}

/** To a tenth of a second, as tables print it; what is shorter than one, as everything else. */
export function seconds(us: number): string {
  if (us < 1e6) return span(us);
  return `${(Math.round(us / 1e5) / 10).toFixed(1)}${nbsp}s`;
}

export function perSecond(rate: number | 'unknown'): string {
  return rate === 'unknown' ? rate : `${digits(rate, 4)}${nbsp}/s`;
}

export function percent(share: number | 'unknown'): string {
  return share === 'unknown' ? share : `${digits(share * 100, 3)}%`;
}

export function latency(percentile: Percentile): string {
  return typeof percentile === 'number' ? span(percentile) : percentile;
}

export function count(value: number | 'unknown'): string {
  return value === 'unknown' ? value : String(value).replace(/\B(?=(\d{3})+$)/g, nbsp);
}

export function unavailability({ us, recovered }: Pick<Unavailability, 'us' | 'recovered'>): string {
  return recovered ? span(us) : `not recovered (at least ${span(us)})`;
}

export function yesNo(value: boolean | 'unknown'): string {
  return value === 'unknown' ? value : value ? 'yes' : 'no';
}

/** A number of any unit. */
export function amount(value: number): string {
  return digits(value, 4);
}

function digits(value: number, significant: number): string {
  return String(Number(value.toPrecision(significant)));
}

export function numbered(value: number, noun: string): string {
  return `${count(value)}${nbsp}${noun}${value === 1 ? '' : 's'}`;
}

/** An instant, from another. */
export function offset(us: number): string {
  return us < 0 ? `−${span(-us)}` : `+${span(us)}`;
}
