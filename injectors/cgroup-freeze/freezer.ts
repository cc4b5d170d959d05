import type { ControlFiles } from '../cgroup/control-group.ts';
import type { Restore } from '../will.ts';

/** What the two versions of the freezer have in common. */
interface Freezer {
  request(files: ControlFiles, state: 'frozen' | 'thawed'): Promise<void>;
  /** Whether this cgroup itself was told to freeze. */
  isRequested(files: ControlFiles): Promise<boolean>;
  /** Whether everything in it stands still, by its own state or that of a cgroup above. */
  isFrozen(files: ControlFiles): Promise<boolean>;
  tasks(files: ControlFiles): Promise<number>;
  /** What says that it was told to freeze, and what thaws it then. */
  readonly thaws: readonly Restore[];
  /** For how long, in all its life, it was frozen; undefined where the kernel does not count it (before 6.18, and v1). */
  frozenUs(files: ControlFiles): Promise<number | undefined>;
}

const unified: Freezer = {
  request: async (files, state) => {
    await files.write('cgroup.freeze', state === 'frozen' ? '1' : '0');
  },
  isRequested: async (files) => (await files.read('cgroup.freeze')) === '1',
  isFrozen: async (files) => (await files.readNumbers('cgroup.events')).get('frozen') === 1,
  tasks: async (files) => (await files.readIds('cgroup.threads')).length,
  thaws: [{ file: 'cgroup.freeze', applied: '1', before: '0' }],
  frozenUs: async (files) =>
    (await files.has('cgroup.stat.local'))
      ? (await files.readNumbers('cgroup.stat.local')).get('frozen_usec')
      : undefined,
};

const legacy: Freezer = {
  request: async (files, state) => {
    await files.write('freezer.state', state === 'frozen' ? 'FROZEN' : 'THAWED');
  },
  isRequested: async (files) => (await files.read('freezer.self_freezing')) === '1',
  // Reading it also moves it on from FREEZING once the last task has stopped.
  isFrozen: async (files) => (await files.read('freezer.state')) === 'FROZEN',
  tasks: async (files) => (await files.readIds('tasks')).length,
  thaws: ['FROZEN', 'FREEZING'].map((applied) => ({ file: 'freezer.state', applied, before: 'THAWED' })),
  frozenUs: async () => await Promise.resolve(undefined),
};

export const freezers = { 1: legacy, 2: unified } as const;
