import type { Definition } from '../../campaign/definition.ts';
import type { ClassWindows, Instants, ServiceMeasures } from './measures.ts';
import { byClass, type Requests } from './requests.ts';
import { unavailability } from './unavailability.ts';
import { serviceWindows } from './windows.ts';

/** What the users of the service felt in one attempt. */
export function measureService(
  requests: Requests,
  instants: Instants,
  definition: Definition,
): ServiceMeasures {
  return {
    ...serviceWindows(requests, instants),
    unavailability: unavailability(requests, instants, definition.unavailability),
    classes: classWindows(requests, instants),
  };
}

/** None where all are of one. */
function classWindows(requests: Requests, instants: Instants): ClassWindows[] {
  const classes = byClass(requests);
  if (classes.length < 2) return [];
  return classes.map(({ requestClass, requests: own }) => ({
    requestClass,
    ...serviceWindows(own, instants),
  }));
}
