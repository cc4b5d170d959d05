import type { Stamp } from './source.ts';

type WallStamp = Extract<Stamp, { wallUs: number }>;

/** A stamp stands at the front, or behind a short header; further back it is something that the line tells of. */
const searchedCharacters = 256;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

interface Form {
  readonly pattern: RegExp;
  /** Everything that the text may mean: a stamp without a zone is local or UTC, one without a year of any year. */
  readonly read: (groups: Groups, nearUs: number) => WallStamp[];
}

type Groups = Readonly<Partial<Record<string, string>>>;

/** In the order in which they are looked for; the first that is found is the line's. */
const forms: readonly Form[] = [
  {
    // Seconds since 1970 with a fraction, or milli-, micro- or nanoseconds by the number of digits.
    pattern: /^\[?(?<whole>\d{10}|\d{13}|\d{16}|\d{19})(?:\.(?<fraction>\d{1,9}))?(?![\d.])/,
    read: ({ whole = '', fraction = '' }) => {
      const digits = whole.slice(10) + fraction;
      return [
        { wallUs: Number(whole.slice(0, 10)) * 1e6 + fractionUs(digits), resolutionUs: resolutionOf(digits) },
      ];
    },
  },
  {
    // RFC 3164's, with or without its priority; and that of asctime.
    pattern:
      /^(?:<\d{1,3}>)?\[?(?:[A-Z][a-z]{2} )?(?<month>[A-Z][a-z]{2}) {1,2}(?<day>\d{1,2}) (?<time>\d\d:\d\d:\d\d)(?:\.(?<fraction>\d{1,9}))?/,
    read: (groups, nearUs) => {
      const year = new Date(nearUs / 1000).getUTCFullYear();
      return [year - 1, year, year + 1].flatMap((one) => stampsAt(one, monthOf(groups['month']), groups));
    },
  },
  {
    // ISO 8601, and so RFC 5424, HAProxy's "iso", supervisord's with its comma; and that of nginx's error log with its slashes.
    pattern:
      /(?<!\d)(?<year>\d{4})([-/])(?<month>\d\d)\2(?<day>\d\d)[T ](?<time>\d\d:\d\d:\d\d)(?:[.,](?<fraction>\d{1,9}))?(?<zone>Z|[+-]\d\d(?::?\d\d)?(?!\d)| [+-]\d{4}(?!\d))?/,
    read: (groups) => stampsAt(Number(groups['year']), Number(groups['month']) - 1, groups),
  },
  {
    // That of access logs; HAProxy's has a fraction and no zone.
    pattern:
      /(?<!\d)(?<day>\d\d)\/(?<month>[A-Z][a-z]{2})\/(?<year>\d{4}):(?<time>\d\d:\d\d:\d\d)(?:\.(?<fraction>\d{1,9}))?(?: (?<zone>[+-]\d{4}))?/,
    read: (groups) => stampsAt(Number(groups['year']), monthOf(groups['month']), groups),
  },
];

/** What the stamp of a line may mean, where it has one in a form that is known. */
export function stampsIn(line: string, nearUs: number): readonly WallStamp[] {
  const front = line.slice(0, searchedCharacters);
  for (const { pattern, read } of forms) {
    const groups = pattern.exec(front)?.groups;
    const stamps = groups === undefined ? [] : read(groups, nearUs).filter(isDate);
    if (stamps.length > 0) return stamps;
  }
  return [];
}

function stampsAt(
  year: number,
  month: number,
  { day = '', time = '', fraction = '', zone }: Groups,
): WallStamp[] {
  const [hour = NaN, minute = NaN, second = NaN] = time.split(':').map(Number);
  const parts = [year, month, Number(day), hour, minute, second] as const;
  if (month < 0 || month > 11 || Number(day) < 1 || Number(day) > 31) return [];
  if (hour > 23 || minute > 59 || second > 60) return [];
  const utcMs = Date.UTC(...parts);
  const meant = zone === undefined ? [utcMs, new Date(...parts).getTime()] : [utcMs - offsetMs(zone)];
  return [...new Set(meant)].map((ms) => ({
    wallUs: ms * 1000 + fractionUs(fraction),
    resolutionUs: resolutionOf(fraction),
  }));
}

function monthOf(name: string | undefined): number {
  return months.indexOf(name ?? '');
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.replaceAll(/[^\d]/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.includes('-') ? -minutes : minutes) * 60_000;
}

function fractionUs(digits: string): number {
  return Number(digits.slice(0, 6).padEnd(6, '0'));
}

function resolutionOf(digits: string): number {
  return 10 ** Math.max(0, 6 - digits.length);
}

function isDate({ wallUs }: WallStamp): boolean {
  return Number.isSafeInteger(wallUs) && wallUs >= 0;
}
