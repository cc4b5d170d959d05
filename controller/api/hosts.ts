import type { ListHostsResponse } from '../../proto/generated/ordeal/v1/ListHostsResponse.ts';
import type { Controller } from '../controller.ts';

export function listHosts({ fleet }: Controller): ListHostsResponse {
  const seen = fleet.hosts.filter(({ hello }) => hello !== undefined);
  return {
    hosts: seen.map(({ name, connected, hello, quarantinedBecause, leaseAgeUs }) => ({
      name,
      connected,
      version: hello?.version ?? '',
      kernel: hello?.kernel ?? '',
      labels: hello?.labels ?? {},
      resources: hello?.resources ?? [],
      capabilities: hello?.capabilities ?? [],
      quarantinedBecause: [...quarantinedBecause],
      ...(leaseAgeUs === undefined ? {} : { leaseAgeUs }),
    })),
  };
}
