/** What the results call a fault that comes more than once in a combination: `kill`, then `kill#2`. */
export function occurrenceOf(name: string, time: number): string {
  return time === 1 ? name : `${name}#${time}`;
}

/** Of a name or of a title, without which occurrence it is. */
export function whicheverOccurrence(text: string): string {
  return text.replace(/#\d+(?= \(|$)/, '');
}
