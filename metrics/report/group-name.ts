import type { GroupMeasures } from '../measures/measures.ts';

const kinds: Readonly<Record<GroupMeasures['by'], string>> = {
  all: 'All trials with a fault',
  golden: 'Golden runs',
  cell: 'Cell',
  layer: 'Layer',
  'root-cause': 'Root cause',
  target: 'Target',
  intensity: 'Intensity',
};

export function groupName({ by, name }: GroupMeasures): string {
  return by === 'all' || by === 'golden' ? kinds[by] : `${kinds[by]}: ${name}`;
}
