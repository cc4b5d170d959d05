import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { readCampaign } from '../read.ts';
import { scheduleJsonSchema } from './json-schema.ts';
import { readSchedule } from './read.ts';

const head = 'version: 1\nname: nightly\ncampaign: it.yaml\n';
const calendar = 'calendar: { from: "09:00", to: "15:00" }';

function refused(text: string, pattern: RegExp): void {
  assert.throws(() => readSchedule(head + text, 's.yaml'), { code: 'INVALID_INPUT', message: pattern });
}

describe('a schedule file', () => {
  test('has defaults for what is not written', () => {
    assert.deepEqual(readSchedule(`${head}cron: '0 3 * * *'`, 's.yaml'), {
      name: 'nightly',
      campaign: 'it.yaml',
      missed: 'skip',
      when: { kind: 'cron', expression: '0 3 * * *', timezone: 'UTC' },
    });
    const random = readSchedule(`${head}random: { ${calendar}, probability: 20%, seed: 1 }`, 's.yaml');
    assert.deepEqual(random.when, {
      kind: 'random',
      calendar: { days: [1, 2, 3, 4, 5], fromMs: 32_400_000, toMs: 54_000_000, timezone: 'UTC', except: [] },
      probability: 0.2,
      seed: 1,
    });
  });

  test('says when: by cron or at random, and not both', () => {
    refused('', /^s\.yaml:1:1 must hold exactly one of cron and random$/);
    refused(`cron: '0 3 * * *'\nrandom: { ${calendar}, probability: 1%, seed: 1 }`, /exactly one/);
  });

  test('is refused with the line and the path of what is wrong in it', () => {
    refused(
      "cron: '61 * * * *'",
      /^s\.yaml:4:7 cron: is "61 \* \* \* \*"; it must be a cron expression \(minute/,
    );
    refused("cron: '0 0 31 2 *'", /impossible day of month/);
    refused("cron: '0 0 29 2 1#1'", /^s\.yaml:4:7 cron: never comes/);
    refused("cron: '0 3 * * *'\ntimezone: Mars/Base", /^s\.yaml:5:11 timezone: is "Mars\/Base"/);
    refused("cron: '0 3 * * *'\nmised: skip", /unknown key "mised"; did you mean "missed"\?/);
    refused(`random: { ${calendar}, probability: 0.2, seed: 1 }`, /probability: is 0\.2; .* percent sign/);
    refused(`random: { ${calendar}, probability: 0%, seed: 1 }`, /from 0\.1% to 100%/);
    refused(`random: { ${calendar}, probability: 20% }`, /random\.seed: is missing/);
    refused(
      `random: { ${calendar}, probability: 1%, seed: 1 }\nmissed: run-once`,
      /^s\.yaml:5:9 missed: .*skip/,
    );
    refused(`random: { ${calendar}, probability: 1%, every: 7h, seed: 1 }`, /every: .*longer than the hours/);
    refused(`random: { ${calendar}, probability: 1%, every: 1m, seed: 1 }`, /every: .*10m at least/);
  });

  test('that is none is called by its name', () => {
    assert.throws(() => readSchedule('', 's.yaml'), { message: /a schedule file is a mapping/ });
  });

  test('is known to editors: docs/schedule.schema.json is current (npm run build:schema writes it)', () => {
    const file = new URL('../../docs/schedule.schema.json', import.meta.url);
    assert.deepEqual(
      JSON.parse(readFileSync(file, 'utf8')),
      JSON.parse(JSON.stringify(scheduleJsonSchema())),
    );
  });

  test('is valid in every example, and so is the campaign that it names', () => {
    const folder = new URL('../../campaigns/schedules/', import.meta.url);
    const files = readdirSync(folder);
    assert.ok(files.includes('nightly.yaml'));
    for (const file of files) {
      const text = readFileSync(new URL(file, folder), 'utf8');
      const { name, campaign } = readSchedule(text, file);
      assert.equal(name, file.replace('.yaml', ''));
      const named = readFileSync(new URL(campaign, folder));
      assert.ok(readCampaign(named, campaign, { allowSubstitute: true }).name);
      assert.match(text, /^# yaml-language-server: \$schema=\.\.\/\.\.\/docs\/schedule\.schema\.json\n/);
    }
  });
});
