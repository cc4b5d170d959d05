import { descriptorOf } from '../../injectors/catalogue.ts';
import type { InjectionRecord } from '../kernel/agent-bed.ts';
import type { CellResult } from './cell-result.ts';
import type { Death } from './deaths.ts';
import type { Proof, Scene, Sight } from './proof.ts';
import type { Proved, Seen } from './prove.ts';

interface Judged extends Pick<Proved, 'victim' | 'neighbour' | 'left'> {
  readonly proof: Pick<Proof, 'lasts'>;
  readonly scene: Pick<Scene, 'isHit' | 'isWell'>;
}

/** Why what was seen is no proof; empty where it is one. */
export function wrongIn({ victim, neighbour, left, proof: { lasts }, scene }: Judged): string[] {
  const isWell = ({ amount }: Sight, { before }: Seen): boolean =>
    scene.isWell?.(amount) ?? !scene.isHit(amount, before.amount);
  const isHit = ({ amount }: Sight, { before }: Seen): boolean => scene.isHit(amount, before.amount);
  const isNeighbourWell = [neighbour.before, neighbour.during, neighbour.after].every((sight) =>
    isWell(sight, neighbour),
  );
  const said = [
    !isWell(victim.before, victim) && 'the victim was not well before',
    !isHit(victim.during, victim) && 'the victim saw no effect',
    lasts !== true && !isWell(victim.after, victim) && 'the victim still saw it afterwards',
    lasts === true && !isHit(victim.after, victim) && 'the victim is well again, which it cannot be',
    !isNeighbourWell && 'the neighbour saw it, too',
    left.length > 0 && `left: ${left.join(', ')}`,
  ];
  return said.filter((sentence) => sentence !== false);
}

/** What the record says of the dose that was reached, and the first thing that it says beyond its counters. */
function achievedBy(mechanism: string, { effects }: InjectionRecord): string {
  const { count, dose, remark = '' } = effects ?? {};
  const unit = descriptorOf(mechanism)?.effectUnit ?? 'effect';
  const counted = `${count ?? 'unknown'} × ${unit}`;
  const [, of] = /^share (of .*)$/.exec(dose?.unit ?? '') ?? [];
  const reached =
    dose &&
    (of === undefined ? `${rounded(dose.achieved)} ${dose.unit}` : `${rounded(100 * dose.achieved)} % ${of}`);
  const [first = ''] = remark.split(/[;,]/);
  return [counted, reached, first].filter(Boolean).join('; ');
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** In the words of those who saw it. */
export function wordsOf({
  proof,
  scene: { target },
  victim,
  neighbour,
  record,
  left,
}: Proved): Omit<CellResult, 'wrong' | 'withoutAgent' | 'day' | 'commit' | 'release'> {
  const { cell, on, mechanism, asked } = proof;
  const words = ({ before, during, after }: Seen) => ({
    before: before.words,
    during: during.words,
    after: after.words,
  });
  const achieved = achievedBy(mechanism, record);
  const each = { cell, on, mechanism, target, asked, achieved };
  return { ...each, victim: words(victim), neighbour: words(neighbour), left: [...left] };
}

export function withoutAgent(death: Death | undefined): Pick<CellResult, 'withoutAgent' | 'wrong'> {
  if (death === undefined) return { withoutAgent: 'there is nothing to end', wrong: [] };
  const { endedBy, isWell } = death;
  return { withoutAgent: endedBy, wrong: isWell ? [] : [`with its agent killed: ${endedBy}`] };
}
