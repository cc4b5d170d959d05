import type { Linter } from 'eslint';

export interface Room {
  readonly name: string;
  readonly imports: readonly string[];
}
export const rooms: readonly Room[];
export function roomRules(room: Room): Linter.Config;
