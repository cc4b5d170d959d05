import { run } from '../../command/run.ts';

/** The commit that is tested, and whether anything but the results of tests is changed against it. */
export async function testedCommit(checkout: string): Promise<string> {
  const git = async (...argv: string[]): Promise<string> =>
    (await run('git', ['-C', checkout, ...argv])).trim();
  const changed = await git('status', '--porcelain', '--', '.', ':!docs/results');
  return `${await git('rev-parse', '--short=12', 'HEAD')}${changed === '' ? '' : '-dirty'}`;
}
