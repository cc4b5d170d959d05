import { z } from 'zod';
import { nameSchema } from '../events/name.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import { serviceOf } from '../injectors/catalogue.ts';
import { isCellId } from '../injectors/cell.ts';
import type { Descriptor } from '../injectors/descriptor.ts';
import type { Injector } from '../injectors/injector.ts';
import type { Mode } from '../injectors/mode.ts';
import { onRestarts } from '../injectors/target.ts';
import type { InjectionWork__Output } from '../proto/generated/ordeal/v1/InjectionWork.ts';
import type { Mode__Output } from '../proto/generated/ordeal/v1/Mode.ts';

/** What an order for an injection says, once it has proved valid. */
interface InjectionOrder {
  readonly injector: Injector;
  readonly parameters: z.core.util.JSONType;
  readonly mode: Mode;
}

/** Refuses what the controller should never have sent: the host that acts trusts nobody's validation but its own. */
export function readInjectionOrder(
  id: string,
  work: InjectionWork__Output,
  injectors: ReadonlyMap<string, Injector>,
): InjectionOrder {
  if (!nameSchema.safeParse(id).success) throw invalid(`"${id}" is no id of an injection`);
  const injector = injectors.get(work.mechanism);
  if (injector === undefined) {
    const known = [...injectors.keys()].join(', ');
    throw invalid(`there is no mechanism "${work.mechanism}"; there is: ${known}`);
  }
  if (!(work.durationUs > 0)) throw invalid('an injection needs a duration above 0');
  const { descriptor } = injector;
  checkService(work, descriptor);
  checkOnRestart(work);
  const mode = readMode(work.mode);
  if (!descriptor.modes.includes(mode.kind)) {
    throw invalid(`${descriptor.name} has no mode ${mode.kind}, only ${descriptor.modes.join(', ')}`);
  }
  return { injector, parameters: readParameters(work.parameters, descriptor), mode };
}

function checkService(work: InjectionWork__Output, descriptor: Descriptor): void {
  // A placebo stands for any.
  if (descriptor.serves.length === 0) return;
  const service = isCellId(work.cell) ? serviceOf(descriptor, work.cell) : undefined;
  if (service === undefined) throw invalid(`${descriptor.name} does not serve the cell "${work.cell}"`);
  const kind = work.target?.kind ?? 'nothing';
  if (service.targets.some((target) => target === kind)) return;
  throw invalid(`${descriptor.name} acts on ${service.targets.join(', ')} for ${work.cell}, not on ${kind}`);
}

function checkOnRestart({ onRestart, target }: InjectionWork__Output): void {
  if (onRestart !== '' && !onRestarts.some((known) => known === onRestart))
    throw invalid(`on a restart a fault can ${onRestarts.join(' or ')}, not "${onRestart}"`);
  if (onRestart === 'follow' && target?.kind !== 'container')
    throw invalid(`on a restart only a fault on a container can follow, not on ${target?.kind ?? 'nothing'}`);
}

function readParameters(text: string, descriptor: Descriptor): z.core.util.JSONType {
  let given: unknown;
  try {
    given = JSON.parse(text === '' ? '{}' : text);
  } catch (error) {
    throw invalid('the parameters are no JSON', error);
  }
  const parsed = descriptor.parameters.safeParse(given);
  if (!parsed.success) {
    throw invalid(`the parameters of ${descriptor.name} are wrong: ${z.prettifyError(parsed.error)}`);
  }
  // It came as JSON and has to be JSON again, in the journal and in the event.
  return z.json().parse(parsed.data);
}

function readMode(mode: Mode__Output | null): Mode {
  switch (mode?.kind) {
    case undefined:
    case 'permanent':
      return { kind: 'permanent' };
    case 'share': {
      const share = mode.share ?? Number.NaN;
      if (share >= 0 && share <= 1) return { kind: 'probabilistic', share };
      throw invalid(`a share is from 0 to 1, not ${share}`);
    }
    case 'oneIn': {
      const n = mode.oneIn ?? 0;
      if (n >= 1) return { kind: 'oneIn', n };
      throw invalid('one in how many is at least 1');
    }
    case 'burst': {
      const { onUs, offUs } = mode.burst ?? { onUs: 0, offUs: 0 };
      if (onUs > 0 && offUs > 0) return { kind: 'burst', onUs, offUs };
      throw invalid('a burst needs a time on and a time off above 0');
    }
  }
}

function invalid(message: string, cause?: unknown): OrdealError {
  return new OrdealError('INVALID_INPUT', message, { cause });
}
