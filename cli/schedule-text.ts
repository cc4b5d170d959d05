import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readSchedule } from '../campaign/schedule/read.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import { readCampaignText } from './campaign-text.ts';

/** A schedule file and the campaign that it names, as the control API takes them; what is wrong with either is said before anything is asked. */
export async function readScheduleText(file: string, substitutes: { readonly allowSubstitute?: boolean }) {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new OrdealError(
      'INVALID_INPUT',
      `the schedule file ${file} cannot be read: ${OrdealError.from(cause).message}`,
      { cause, remedy: 'Name a file that exists, such as campaigns/schedules/nightly.yaml.' },
    );
  });
  const schedule = readSchedule(bytes, file);
  const campaign = await readCampaignText(resolve(dirname(file), schedule.campaign), substitutes);
  return { text: bytes.toString('utf8'), name: file, campaign };
}
