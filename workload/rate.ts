const secondsOf = { s: 1, m: 60 } as const;

export const rateForm = 'a number per second or minute, such as "250/s" or "30/m"';

/** Requests a second, or undefined where the text is no rate: a number without a unit is none. */
export function parseRatePerS(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\/(s|m)$/.exec(text);
  const [, number, unit] = match ?? [];
  if (number === undefined || (unit !== 's' && unit !== 'm')) return undefined;
  return Number(number) / secondsOf[unit];
}
