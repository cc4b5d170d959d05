import { bugNames, type BugName } from '../embedded/bugs/bug-name.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import { nearest } from '../errors/nearest.ts';

/** The seeded bugs that the embedded target is to be made with. */
export function bugsOption(text: string): readonly BugName[] {
  if (text === 'all') return bugNames;
  return text.split(',').map((given) => {
    const known = bugNames.find((name) => name === given);
    if (known !== undefined) return known;
    const near = nearest(given, bugNames);
    const meant = near === undefined ? '' : `; did you mean ${near}?`;
    throw new OrdealError(
      'INVALID_INPUT',
      `--bugs is "${text}", and there is no seeded bug "${given}"${meant} (there are ${bugNames.join(', ')}; or all of them: all)`,
    );
  });
}
