import type { Definition } from '../../campaign/definition.ts';
import { RuleReader } from '../../campaign/rule-reader.ts';
import { isKind, type Event } from '../../events/event.ts';
import type { Clocks } from './clocks.ts';
import type { Notice } from './infrastructure-measures.ts';

/** The lines that rules match, in the order of their instants. */
export function noticesOf(
  events: readonly Event[],
  { rules, components }: Pick<Definition, 'rules' | 'components'>,
  clocks: Clocks,
): Notice[] {
  const reader = new RuleReader(rules);
  const notices = events.flatMap((event): Notice[] => {
    if (!isKind(event, 'watch.line')) return [];
    const at = instantOf(event, clocks);
    if (at === undefined) return [];
    const { host, body } = event;
    const { watch, text, stamped } = body;
    return reader.read(body).map(({ rule: { name, means, by }, component }): Notice => {
      const about = aboutOf(component, components);
      return { rule: name, means, by, host, watch, text, stamped, ...at, ...about };
    });
  });
  return notices.sort((a, b) => a.atUs - b.atUs);
}

/** Between its stamp and the end of what that leaves open, and not after it was read. */
function instantOf(line: Event<'watch.line'>, clocks: Clocks): Pick<Notice, 'atUs' | 'errorUs'> | undefined {
  const { monoUs, body } = line;
  const latestUs = Math.max(monoUs, Math.min(monoUs + body.resolutionUs, body.readUs));
  const halfUs = Math.ceil((latestUs - monoUs) / 2);
  const middle = clocks.of(line)?.toReference(monoUs + halfUs);
  return middle && { atUs: middle.atUs, errorUs: middle.errorUs + halfUs };
}

function aboutOf(
  component: string | undefined,
  components: Definition['components'],
): Pick<Notice, 'component' | 'names'> {
  if (component === undefined) return {};
  const names = Object.hasOwn(components, component) ? components[component] : undefined;
  return names === undefined ? { component } : { component, names };
}
