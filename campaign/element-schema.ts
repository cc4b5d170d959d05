import { z } from 'zod';
import type { Element } from './element.ts';
import type { Selector } from './select.ts';
import { hostPattern, name, onlyGiven, resourcePattern } from './values.ts';

const all = { pick: { kind: 'all' } } as const;

const port = z
  .strictObject({
    host: hostPattern.describe('the host, or a pattern of hosts (nfvi-*)'),
    nic: resourcePattern.describe('its network interfaces that lead to the switch'),
  })
  .transform(({ host, nic }): Selector => ({ host, kind: 'nic', name: nic, ...all }));

const bridge = z
  .strictObject({
    host: hostPattern.describe('the host that has the bridge'),
    name: resourcePattern.describe('the bridge'),
  })
  .transform((given): Selector => ({
    host: given.host,
    kind: 'nic',
    name: '*',
    partOf: `bridge ${given.name}`,
    ...all,
  }));

const wwnForm = 'must be the WWN of a disk as `ordeal hosts` shows it, such as "wwn naa.5000c500a1b2c3d4"';
const iqnForm = 'must be the name of an iSCSI target, such as iqn.2003-01.org.example:store';

function disksOf(partOf: string): Selector {
  return { host: '*', kind: 'disk', name: '*', partOf, ...all };
}

/** Where the element is known from what is attached to it, it is found; a switch between hosts has to be told. */
export const element = z
  .strictObject({
    name: name.describe('what a target and the results call it; unique in the file'),
    switch: z
      .array(port, { error: 'must be a list of ports: { host: .., nic: .. } each' })
      .min(1, 'must hold at least one port')
      .max(1000, 'must hold 1000 ports at most')
      .optional()
      .describe('a switch, by its ports: the network interfaces that are attached to it'),
    bridge: bridge.optional().describe('a bridge on a host: every network interface that is a port of it'),
    disk: z
      .string({ error: wwnForm })
      .regex(/^wwn [!-~]+( [!-~]+)*$/, wwnForm)
      .optional()
      .describe('a disk that several hosts have: every disk of this WWN, on whatever host'),
    iscsi: z
      .string({ error: iqnForm })
      .regex(/^(iqn|eui|naa)\.[!-~]{1,220}$/, iqnForm)
      .optional()
      .describe('an iSCSI target: every disk that comes from it, on whatever host'),
  })
  .transform(({ name: called, ...given }, context): Element => {
    const chosen = onlyGiven<unknown>(given);
    if (chosen === undefined) {
      context.addIssue({
        code: 'custom',
        message: 'must hold exactly one of switch, bridge, disk and iscsi',
      });
      return z.NEVER;
    }
    if (given.switch !== undefined) return { name: called, kind: 'nic', attached: given.switch };
    if (given.bridge !== undefined) return { name: called, kind: 'nic', attached: [given.bridge] };
    const shared = given.disk ?? `iscsi ${given.iscsi ?? ''}`;
    return { name: called, kind: 'disk', attached: [disksOf(shared)] };
  });
