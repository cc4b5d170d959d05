import { readFile } from 'node:fs/promises';
import type { Campaign } from '../campaign/campaign.ts';
import { readCampaign } from '../campaign/read.ts';
import { OrdealError } from '../errors/ordeal-error.ts';

interface Allowed {
  readonly allowSubstitute?: boolean;
}

/** A campaign file as the control API takes it; what is wrong with it is said before anything is asked of a controller. */
export async function readCampaignText(
  file: string,
  { allowSubstitute = false }: Allowed,
): Promise<{ text: string; name: string; allowSubstitute: boolean }> {
  const bytes = await bytesOf(file);
  readCampaign(bytes, file, { allowSubstitute });
  return { text: bytes.toString('utf8'), name: file, allowSubstitute };
}

/** To be looked at, not to be run. */
export async function readCampaignFile(file: string): Promise<Campaign> {
  return readCampaign(await bytesOf(file), file, { allowSubstitute: true });
}

/** To be generated from; whoever does reads it. */
export async function readBaseText(file: string): Promise<string> {
  return (await bytesOf(file)).toString('utf8');
}

async function bytesOf(file: string): Promise<Buffer> {
  return await readFile(file).catch((cause: unknown) => {
    throw new OrdealError(
      'INVALID_INPUT',
      `the campaign file ${file} cannot be read: ${OrdealError.from(cause).message}`,
      {
        cause,
        remedy: 'Name a file that exists, such as campaigns/quickstart.yaml.',
      },
    );
  });
}
