import type { Domain, FaultType } from '../../injectors/cell.ts';
import type { Proof, Scene } from './proof.ts';
import type { VictimKind } from './rows.ts';
import type { Stage } from './stage.ts';

/** What is asked of a mechanism, and who sees it, whatever it is asked of. */
export interface Effect<Witnesses> {
  readonly type: FaultType;
  readonly mechanism: string;
  /** The dose, in words. */
  readonly asked: string;
  readonly parameters?: Scene['parameters'];
  readonly witness: Witnesses;
  readonly isHit: Scene['isHit'];
  readonly isWell?: Scene['isWell'];
}

type Setting = Pick<Scene, 'target' | 'victim' | 'neighbour' | 'parameters'>;

/** How victim and neighbour of an effect are made, by what the victim is. */
export type Settings<Witnesses> = Partial<
  Record<VictimKind, (effect: Effect<Witnesses>, stage: Stage) => Promise<Setting>>
>;

/** Each effect on each kind of victim: faults of transfers, which can all be there at once; those of a VM are on what a host has, too. */
export function proofsOf<Witnesses>(
  domain: Domain,
  effects: readonly Effect<Witnesses>[],
  settings: Settings<Witnesses>,
): Proof[] {
  const kinds = Object.entries(settings) as [VictimKind, Required<Settings<Witnesses>>[VictimKind]][];
  return effects.flatMap((effect) =>
    kinds.map(([on, setting]): Proof => {
      const { type, mechanism, asked, isHit, isWell } = effect;
      const layer = on === 'host' ? 'physical' : 'virtual';
      const set = async (stage: Stage): Promise<Scene> => {
        const { parameters, ...made } = await setting(effect, stage);
        return {
          ...made,
          isHit,
          ...(isWell && { isWell }),
          parameters: { ...effect.parameters, ...parameters },
        };
      };
      const company = on === 'vm' ? 'vm' : 'transfers';
      return { cell: `${layer}.${domain}.${type}`, on, mechanism, asked, company, set };
    }),
  );
}
