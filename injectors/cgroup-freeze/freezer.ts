import type { ControlFiles } from '../cgroup/control-group.ts';

/** What the two versions of the freezer have in common. */
interface Freezer {
  request(files: ControlFiles, state: 'frozen' | 'thawed'): Promise<void>;
  /** Whether this cgroup itself was told to freeze. */
  isRequested(files: ControlFiles): Promise<boolean>;
  /** Whether everything in it stands still, by its own state or that of a cgroup above. */
  isFrozen(files: ControlFiles): Promise<boolean>;
  tasks(files: ControlFiles): Promise<number>;
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
  frozenUs: async () => await Promise.resolve(undefined),
};

export const freezers = { 1: legacy, 2: unified } as const;
