const layers = ['physical', 'virtual'] as const;
const domains = ['cpu', 'memory', 'network', 'storage'] as const;
const faultTypes = ['unavailability', 'delay', 'corruption'] as const;

export type Layer = (typeof layers)[number];
export type Domain = (typeof domains)[number];
export type FaultType = (typeof faultTypes)[number];

/** One of the 24 cells of the fault model: `<layer>.<domain>.<type>`. */
export type CellId = `${Layer}.${Domain}.${FaultType}`;

export const cells: readonly CellId[] = layers.flatMap((layer) =>
  domains.flatMap((domain) => faultTypes.map((type): CellId => `${layer}.${domain}.${type}`)),
);

export function isCellId(text: string): text is CellId {
  return cells.some((cell) => cell === text);
}
