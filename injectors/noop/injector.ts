import type { Injector } from '../injector.ts';
import { noop } from './descriptor.ts';

/** Keeps to the whole contract without touching anything: what is left of a trial with it is the cost of injecting. */
export const noopInjector: Injector = {
  descriptor: noop,
  supported: async () => await Promise.resolve({ supported: true }),
  capture: async () => await Promise.resolve({}),
  apply: async () => await Promise.resolve(),
  revert: async () => await Promise.resolve({ count: 0 }),
  effects: async () => await Promise.resolve({ count: 0 }),
  verify: async () => await Promise.resolve({ holds: true }),
  handles: async () => await Promise.resolve([]),
};
