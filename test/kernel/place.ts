import type { Machine } from '../../lab/machine/machine.ts';

/** Where programs can be run: a machine, or a container in one. */
export type Place = Pick<Machine, 'run' | 'demand'>;
