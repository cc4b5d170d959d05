import { z } from 'zod';
import { type TargetKind, targetKinds } from '../injectors/target.ts';
import type { Pick, Selector } from './select.ts';
import { hostPattern, name, resourcePattern, share, wholeNumber } from './values.ts';

const kindsOnHosts = targetKinds.filter((kind): kind is Exclude<TargetKind, 'host'> => kind !== 'host');

const pick = z
  .union(
    [
      z.literal('all').transform((): Pick => ({ kind: 'all' })),
      z.literal('each').transform((): Pick => ({ kind: 'each' })),
      wholeNumber(1, 10_000).transform((count): Pick => ({ kind: 'count', count })),
      share
        .refine((value) => value > 0, 'must be above 0%')
        .transform((value): Pick => ({ kind: 'share', share: value })),
    ],
    { error: 'must be all, each, a number from 1, or a share above 0% such as 50%' },
  )
  .describe(
    'how many of those that match: all at once, each in trials of its own, or a number or a share such as 50%, chosen by the seed of the trial',
  );

/** A target that names what several others share, by the name that the file gives it. */
interface NamedElement {
  readonly element: string;
}

/** One key names the kind of thing and the thing; without one, the host itself is the target. An element stands alone. */
export const target = z
  .strictObject({
    host: hostPattern.optional().describe('the host, or a pattern of hosts (nfvi-*)'),
    labels: z
      .record(
        z.string().min(1),
        z.string({ error: 'must be a text (in quotes where it looks like a number)' }),
      )
      .refine((labels) => Object.keys(labels).length > 0, 'must hold at least one label')
      .optional()
      .describe('only hosts that carry all of these labels'),
    nic: resourcePattern.optional().describe('a network interface of the host'),
    container: resourcePattern.optional().describe('a container on the host'),
    disk: resourcePattern.optional().describe('a disk of the host'),
    vm: resourcePattern.optional().describe('a virtual machine on the host'),
    where: z
      .record(
        z.string().min(1).max(100),
        z
          .string({ error: 'must be a text (in quotes where it looks like a number)' })
          .min(1, 'must not be empty')
          .max(200),
      )
      .refine((facts) => Object.keys(facts).length > 0, 'must hold at least one fact')
      .optional()
      .describe(
        'only those of which all of these facts are told, such as { image: nginx:* }; each a pattern',
      ),
    element: name
      .optional()
      .describe('one of the `elements` of the file: all that is attached to it, at once, and no other key'),
    pick: pick.optional(),
  })
  .superRefine((given, context) => {
    if (given.element !== undefined) {
      const others = Object.entries(given).flatMap(([key, value]) =>
        key === 'element' || value === undefined ? [] : [key],
      );
      if (others.length === 0) return;
      const message = `names an element, which is a target as a whole: leave out ${others.join(', ')}`;
      context.addIssue({ code: 'custom', message });
      return;
    }
    if (given.host === undefined && given.labels === undefined) {
      context.addIssue({
        code: 'custom',
        message: 'names no host: give host, labels or both, or an element',
      });
    }
    if (kindsOf(given).length > 1) {
      context.addIssue({
        code: 'custom',
        message: `names ${kindsOf(given).join(' and ')}; a fault goes to one kind of target: give one of ${kindsOnHosts.join(', ')}, or none for the host itself`,
      });
    }
    if (given.where !== undefined && kindsOf(given).length === 0) {
      context.addIssue({
        code: 'custom',
        path: ['where'],
        message: `chooses among the things on a host: give one of ${kindsOnHosts.join(', ')} as well`,
      });
    }
    if (given.pick === undefined && mayMatchSeveral(given)) {
      context.addIssue({
        code: 'custom',
        message:
          'may match several targets: say how many are meant with pick (all at once, each in trials of its own, a number such as 1, or a share such as 50%)',
      });
    }
  })
  .transform((given): Selector | NamedElement => {
    if (given.element !== undefined) return { element: given.element };
    const kind = kindsOf(given)[0];
    return {
      host: given.host ?? '*',
      ...(given.labels === undefined ? {} : { labels: given.labels }),
      kind: kind ?? 'host',
      name: kind === undefined ? (given.host ?? '*') : (given[kind] ?? '*'),
      ...(given.where === undefined ? {} : { where: given.where }),
      pick: given.pick ?? { kind: 'all' },
    };
  });

type Given = { readonly host?: string | undefined; readonly labels?: unknown } & {
  readonly [kind in (typeof kindsOnHosts)[number]]?: string | undefined;
};

function kindsOf(given: Given) {
  return kindsOnHosts.filter((kind) => given[kind] !== undefined);
}

function mayMatchSeveral(given: Given): boolean {
  const patterns = [
    given.host ?? (given.labels === undefined ? '' : '*'),
    ...kindsOf(given).map((kind) => given[kind] ?? '*'),
  ];
  return patterns.some((pattern) => pattern.includes('*'));
}
