/** "1 trial", "2 trials"; a plural that is not made by an s is given, with its verb where it has one ("bit was", "bits were"). */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
