/** A field of a line of CSV, and the column of the line at which it begins, from 1 on. */
export interface Field {
  readonly text: string;
  readonly column: number;
}

/** What is wrong with a line of CSV. */
export interface CsvFault {
  readonly column: number;
  readonly message: string;
}

/** The fields of one line, as RFC 4180 has them: with commas between them, in quotes where they hold one. A line break within quotes is not read. */
export function fieldsOf(line: string): readonly Field[] | CsvFault {
  const fields: Field[] = [];
  for (let at = 0; ;) {
    const field = line[at] === '"' ? quoted(line, at) : plain(line, at);
    if ('message' in field) return field;
    fields.push({ text: field.text, column: at + 1 });
    if (field.next >= line.length) return fields;
    at = field.next + 1;
  }
}

interface Read {
  readonly text: string;
  /** Where the comma stands, or the end of the line. */
  readonly next: number;
}

function plain(line: string, from: number): Read | CsvFault {
  const comma = line.indexOf(',', from);
  const next = comma === -1 ? line.length : comma;
  const text = line.slice(from, next);
  const quote = text.indexOf('"');
  if (quote === -1) return { text: text.trim(), next };
  return {
    column: from + quote + 1,
    message: 'a quote within a field; a field that holds one begins and ends with a quote, and has it twice',
  };
}

function quoted(line: string, from: number): Read | CsvFault {
  let text = '';
  for (let at = from + 1; ;) {
    const end = line.indexOf('"', at);
    if (end === -1) return { column: from + 1, message: 'a quote that does not end on its line' };
    text += line.slice(at, end);
    if (line[end + 1] === '"') {
      text += '"';
      at = end + 2;
      continue;
    }
    const next = end + 1;
    if (next >= line.length || line[next] === ',') return { text, next };
    return { column: next + 1, message: 'something between the end of a quoted field and the comma' };
  }
}
