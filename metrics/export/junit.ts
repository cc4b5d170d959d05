import { markup, type Markup } from '../report/markup.ts';

/** What pipelines take for tests: failed is not met, erroneous is not known. */
export interface TestCase {
  readonly name: string;
  readonly group: string;
  readonly seconds: number;
  readonly verdict: 'pass' | 'fail' | 'unknown' | 'skipped';
  /** Why it is no pass, in a line. */
  readonly reason?: string;
  /** What there is to know beside. */
  readonly said?: string;
}

export interface TestSuite {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly cases: readonly TestCase[];
}

/** JUnit's XML, as Jenkins, GitLab and others read it. */
export function junitText(name: string, suites: readonly TestSuite[]): string {
  const all = suites.flatMap(({ cases }) => cases);
  const { text } = markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${name}"${counts(all)}>
${suites.map(suiteMarkup)}</testsuites>
`;
  return text.replace(notInXml, '\ufffd');
}

/** What XML 1.0 can hold in no way at all. */
const notInXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

function suiteMarkup({ name, properties, cases }: TestSuite): Markup {
  const given = Object.entries(properties);
  return markup`<testsuite name="${name}"${counts(cases)}>
${
  given.length === 0
    ? undefined
    : markup`<properties>
${given.map(
  ([key, value]) => markup`<property name="${key}" value="${value}"/>
`,
)}</properties>
`
}${cases.map(caseMarkup)}</testsuite>
`;
}

function counts(cases: readonly TestCase[]): Markup {
  const count = (verdict: TestCase['verdict']): number =>
    cases.filter((one) => one.verdict === verdict).length;
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0);
  return markup` tests="${cases.length}" failures="${count('fail')}" errors="${count('unknown')}" skipped="${count('skipped')}" time="${seconds.toFixed(3)}"`;
}

function caseMarkup({ name, group, seconds, verdict, reason = '', said }: TestCase): Markup {
  const outcome = {
    pass: undefined,
    fail: markup`<failure type="fail" message="${reason}"/>`,
    unknown: markup`<error type="unknown" message="${reason}"/>`,
    skipped: markup`<skipped message="${reason}"/>`,
  }[verdict];
  const more = said === undefined ? undefined : markup`<system-out>${said}</system-out>`;
  return markup`<testcase classname="${group}" name="${name}" time="${seconds.toFixed(3)}">${outcome}${more}</testcase>
`;
}
