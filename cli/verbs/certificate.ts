import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { hostNameSchema } from '../../events/name.ts';
import { issueCertificate } from '../../service/certificates.ts';
import { Home } from '../home.ts';
import { outputOf, verb } from './verb.ts';

export function certificateVerb(): Command {
  return verb('certificate', 'make the certificate of an agent, to be copied to its host')
    .argument('<host>', 'the name of the host in campaigns')
    .option('--certificates <folder>', "where the authority is; by default that of `ordeal up`'s home")
    .action(async (host: string, { certificates }: { certificates?: string }, command: Command) => {
      if (!hostNameSchema.safeParse(host).success) {
        throw new OrdealError(
          'INVALID_INPUT',
          `"${host}" cannot be the name of a host; it has to be lower case letters, digits and dashes, 63 at most, and neither controller nor metrics`,
        );
      }
      const directory = certificates ?? new Home().certificates;
      refuseWithoutAuthority(directory);
      const name = `agent-${host}`;
      await issueCertificate(directory, { name, role: 'agent', addresses: [] });
      const files = ['ca.pem', `${name}.pem`, `${name}.key.pem`].map((file) => join(directory, file));
      outputOf(command).answer({ host, files }, () => files.join('\n'));
    });
}

/** One that was made anew here, in the wrong folder, would be the authority of nobody. */
function refuseWithoutAuthority(directory: string): void {
  const key = join(directory, 'ca.key.pem');
  if (existsSync(key) && existsSync(join(directory, 'ca.pem'))) return;
  throw new OrdealError('NOT_FOUND', `there is no authority in ${directory}: ${key} is not there`, {
    remedy:
      'Run this where `ordeal up` has run, or name its home by ORDEAL_HOME, or the folder by --certificates.',
  });
}
