import { z } from 'zod';
import { mechanismsFor, serviceOf } from '../../injectors/catalogue.ts';
import { cells } from '../../injectors/cell.ts';
import type { ListFaultsResponse } from '../../proto/generated/ordeal/v1/ListFaultsResponse.ts';
import type { Controller } from '../controller.ts';

/** All 24 cells, also those that nothing serves yet: what cannot be done is said, not left out. */
export function listFaults({ fleet }: Controller): ListFaultsResponse {
  const capable = (mechanism: string) =>
    fleet.inventory.flatMap(({ host, capabilities }) =>
      capabilities
        .filter((capability) => capability.mechanism === mechanism)
        .map((capability) => ({ host, capability })),
    );
  return {
    cells: cells.map((cell) => ({
      id: cell,
      mechanisms: mechanismsFor(cell).map((descriptor) => {
        const service = serviceOf(descriptor, cell);
        return {
          name: descriptor.name,
          summary: descriptor.summary,
          targetKinds: [...(service?.targets ?? [])],
          substituteBecause: service?.substituteBecause ?? '',
          modes: [...descriptor.modes],
          // As a person writes them: what has a default may be left out.
          parameters: JSON.stringify(z.toJSONSchema(descriptor.parameters, { io: 'input' })),
          hosts: capable(descriptor.name),
        };
      }),
    })),
  };
}
