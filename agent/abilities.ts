import { OrdealError } from '../errors/ordeal-error.ts';
import type { Injector } from '../injectors/injector.ts';

/** What one mechanism said when it was asked whether it works on this host. */
export interface Ability {
  readonly mechanism: string;
  readonly supported: boolean;
  readonly reason?: string;
  readonly remedy?: string;
}

/** One after the other; a mechanism that cannot even be asked does not work here. */
export async function askAbilities(injectors: ReadonlyMap<string, Injector>): Promise<Ability[]> {
  const abilities: Ability[] = [];
  for (const [mechanism, injector] of injectors) {
    const support = await injector.supported().catch((error: unknown) => {
      const { message, remedy } = OrdealError.from(error);
      return { supported: false, reason: message, remedy } as const;
    });
    abilities.push({
      mechanism,
      ...(support.supported ? support : { ...support, reason: asPhrase(support.reason) }),
    });
  }
  return abilities;
}

/** What a program has said in lines, as what stands in one, and a remedy after it. */
function asPhrase(reason: string): string {
  return reason
    .split('\n')
    .map((line) => line.trim().replace(/\.$/, ''))
    .filter((line) => line !== '')
    .join('; ');
}
