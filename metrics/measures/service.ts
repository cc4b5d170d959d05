import type { Definition } from '../../campaign/definition.ts';
import { compareText } from './canonical.ts';
import type { ClassWindows, Instants, ServiceMeasures } from './measures.ts';
import type { Request } from './request.ts';
import { unavailability } from './unavailability.ts';
import { serviceWindows } from './windows.ts';

/** What the users of the service felt in one attempt. */
export function measureService(
  requests: readonly Request[],
  instants: Instants,
  definition: Definition,
): ServiceMeasures {
  return {
    ...serviceWindows(requests, instants),
    unavailability: unavailability(requests, instants, definition.unavailability),
    classes: byClass(requests, instants),
  };
}

function byClass(requests: readonly Request[], instants: Instants): ClassWindows[] {
  const names = [...new Set(requests.map(({ requestClass }) => requestClass))].sort(compareText);
  if (names.length < 2) return [];
  return names.map((requestClass) => {
    const own = requests.filter((request) => request.requestClass === requestClass);
    return { requestClass, ...serviceWindows(own, instants) };
  });
}
