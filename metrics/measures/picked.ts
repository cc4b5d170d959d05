/** What stands at these places of a column, in their order. */
export function picked<Column extends Float64Array | Uint16Array | Uint8Array>(
  column: Column,
  places: ArrayLike<number>,
): Column {
  const found = new (column.constructor as new (length: number) => Column)(places.length);
  for (let index = 0; index < found.length; index += 1) found[index] = column[places[index] ?? 0] ?? 0;
  return found;
}
