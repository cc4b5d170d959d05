/** How people are told which fault a trial has, and at which intensity where there are several. */
export function faultTitle(
  fault: { readonly name: string; readonly intensity?: string | undefined } | undefined,
): string {
  if (fault === undefined) return 'golden run';
  return fault.intensity === undefined ? fault.name : `${fault.name} (${fault.intensity})`;
}
