import { randomInt } from 'node:crypto';
import { issuesOf, pathText } from '../../campaign/issue.ts';
import { demandSupport, mechanismFor } from '../../campaign/mechanism.ts';
import { matches } from '../../campaign/pattern.ts';
import { selectTargets } from '../../campaign/select.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { descriptorOf } from '../../injectors/catalogue.ts';
import { isCellId, type CellId } from '../../injectors/cell.ts';
import type { Descriptor } from '../../injectors/descriptor.ts';
import type { Mode } from '../../injectors/mode.ts';
import { onRestarts, targetKinds, type OnRestart, type TargetKind } from '../../injectors/target.ts';
import type { InjectRequest__Output } from '../../proto/generated/ordeal/v1/InjectRequest.ts';
import type { InjectResponse } from '../../proto/generated/ordeal/v1/InjectResponse.ts';
import type { Mode__Output } from '../../proto/generated/ordeal/v1/Mode.ts';
import type { Controller } from '../controller.ts';
import type { InjectionRecord } from '../state/records.ts';
import { injectionId } from '../trial/attempt.ts';

/** Seeds of campaigns are as large. */
const seedsBelow = 2 ** 31;

export async function inject(
  controller: Controller,
  request: InjectRequest__Output,
): Promise<InjectResponse> {
  await controller.ready();
  if (request.requestId === '') throw invalid('the request has no request_id');
  const { oneShots, campaigns, fleet } = controller;
  const injections = await oneShots.inject(request.requestId, () => {
    const records = choose(request, fleet);
    campaigns.refuseUsed(records.map(({ target }) => target.host));
    return records;
  });
  return { injections };
}

/** One record for each target; everything that can be wrong is found before anything is stored. */
function choose(request: InjectRequest__Output, fleet: Controller['fleet']): InjectionRecord[] {
  const { inventory } = fleet;
  const { durationUs, requestId, host, name } = request;
  if (!(durationUs > 0)) throw invalid(`an injection has to have a duration above 0, not ${durationUs} us`);
  const kind = targetKinds.find((known) => known === request.kind);
  if (kind === undefined)
    throw invalid(`"${request.kind}" is no kind of target; there are ${targetKinds.join(', ')}`);
  const cell = cellOf(request);
  const named = request.mechanism === '' ? undefined : request.mechanism;
  const descriptor = mechanismFor(cell, named, kind, request);
  const mode = modeOf(request.mode);
  if (!descriptor.modes.includes(mode.kind)) {
    throw invalid(`${descriptor.name} knows the modes ${descriptor.modes.join(', ')}, not ${mode.kind}`);
  }
  const parameters = parametersOf(request.parameters, descriptor);
  const onRestart = onRestartOf(request.onRestart, kind);
  const seed = request.seed === 0 ? randomInt(1, seedsBelow) : request.seed;
  const partOf = request.partOf === '' ? {} : { partOf: request.partOf };
  refuseOutOfReach(host, fleet);
  const targets = selectTargets({ host, kind, name, ...partOf, pick: { kind: 'all' } }, inventory, seed);
  demandSupport({ cell, mechanism: descriptor.name }, targets, inventory);
  const chosen = { requestId, cell, mechanism: descriptor.name, parameters, mode };
  const common = { ...chosen, seed, durationUs, onRestart };
  return targets.map((target) => ({
    id: injectionId(),
    target,
    ...common,
    startUs: 0,
  }));
}

/** Where only hosts that are away are meant, they are none of those that there are. */
function refuseOutOfReach(pattern: string, { hosts }: Controller['fleet']): void {
  const meant = hosts.filter(({ name }) => matches(pattern, name));
  if (meant.length === 0 || meant.some(({ connected }) => connected)) return;
  const names = meant.map(({ name }) => name).join(', ');
  throw new OrdealError('NO_TARGET', `the host "${pattern}" is out of reach of the controller: ${names}`, {
    remedy:
      'Start it, or its agent, again (a host of a lab: `ordeal lab up`), or mend its network; `ordeal hosts` tells when it is back.',
  });
}

function cellOf({ cell, mechanism }: InjectRequest__Output): CellId {
  if (cell !== '') {
    if (isCellId(cell)) return cell;
    throw invalid(`"${cell}" is not a cell of the fault model`);
  }
  const serves = descriptorOf(mechanism)?.serves ?? [];
  const [only] = serves;
  if (only !== undefined && serves.length === 1) return only.cell;
  const which = serves.map((service) => service.cell).join(', ');
  throw invalid(
    only === undefined
      ? `no cell is given, and the mechanism "${mechanism}" does not tell which`
      : `"${mechanism}" serves more than one cell: name one of ${which}`,
  );
}

function parametersOf(text: string, descriptor: Descriptor): string {
  let given: unknown;
  try {
    given = JSON.parse(text === '' ? '{}' : text);
  } catch (cause) {
    throw new OrdealError('INVALID_INPUT', `the parameters are no JSON: ${text}`, { cause });
  }
  const read = descriptor.parameters.safeParse(given);
  if (read.success) return JSON.stringify(read.data ?? {});
  const wrong = issuesOf(read.error.issues, given, [], descriptor.parameters).map(
    ({ path, message, atKey }) =>
      atKey === true || path.length === 0 ? message : `${pathText(path)} ${message}`,
  );
  throw new OrdealError('INVALID_INPUT', `the parameters of ${descriptor.name}: ${wrong.join('; ')}`, {
    remedy: `\`ordeal faults ${descriptor.name}\` tells them, with their units, ranges and defaults.`,
  });
}

function modeOf(mode: Mode__Output | null): Mode {
  if (mode?.share !== undefined) {
    if (mode.share >= 0 && mode.share <= 1) return { kind: 'probabilistic', share: mode.share };
    throw invalid(`a share is from 0 to 1, not ${mode.share}`);
  }
  if (mode?.oneIn !== undefined) {
    if (mode.oneIn >= 1) return { kind: 'oneIn', n: mode.oneIn };
    throw invalid('one in how many is at least 1');
  }
  if (mode?.burst) {
    const { onUs, offUs } = mode.burst;
    if (onUs > 0 && offUs > 0) return { kind: 'burst', onUs, offUs };
    throw invalid('a burst has a time on and a time off, both above 0');
  }
  return { kind: 'permanent' };
}

function onRestartOf(text: string, kind: TargetKind): OnRestart {
  const onRestart = text === '' ? 'end' : onRestarts.find((known) => known === text);
  if (onRestart === undefined)
    throw invalid(`on a restart a fault knows ${onRestarts.join(' and ')}, not "${text}"`);
  if (onRestart === 'end' || kind === 'container') return onRestart;
  throw invalid(`on a restart only a fault on a container can follow; the target is a ${kind}`);
}

function invalid(message: string): OrdealError {
  return new OrdealError('INVALID_INPUT', message);
}
