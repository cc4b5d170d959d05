import type { Definition, Rule } from '../../campaign/definition.ts';
import { ruleExpression } from '../../campaign/rule-expression.ts';
import { isKind, type Event } from '../../events/event.ts';
import type { Clocks } from './clocks.ts';
import type { Notice } from './infrastructure-measures.ts';

/**
 * What Ordeal says of itself: the kernel on one of its modules ("ordeal_cpu: loading out-of-tree module taints kernel"), its processes in a log
 * ("ordeal-agent[312]: ..."). A name that has the word in it, as a path or a server may, is not meant.
 */
const ownWords = /(^|[\s\]])ordeal[\w-]*(\[\d+\])?: /;

/** The lines that rules match, in the order of their instants. Of the rules of one meaning the first counts, so that no line is two detections. */
export function noticesOf(
  events: readonly Event[],
  { rules, components }: Pick<Definition, 'rules' | 'components'>,
  clocks: Clocks,
): Notice[] {
  const patterns = rules.map((rule) => ({ rule, pattern: ruleExpression(rule.pattern) }));
  const notices = events.flatMap((event): Notice[] => {
    if (!isKind(event, 'watch.line') || ownWords.test(event.body.text)) return [];
    const at = instantOf(event, clocks);
    if (at === undefined) return [];
    const { host, body } = event;
    const { watch, text, stamped } = body;
    const read = new Map<Rule['means'], Notice>();
    for (const { rule, pattern } of patterns) {
      if (rule.source !== watch || read.has(rule.means)) continue;
      const match = pattern.exec(text);
      if (match === null) continue;
      const { name, means, by } = rule;
      const about = aboutOf(match.groups?.component, components);
      read.set(means, { rule: name, means, by, host, watch, text, stamped, ...at, ...about });
    }
    return [...read.values()];
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
