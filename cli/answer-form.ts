import { OrdealError } from '../errors/ordeal-error.ts';

/** The one of several forms that an answer is asked for in; undefined: for people. */
export function formOf<Form extends string>(
  options: Readonly<Partial<Record<Form, unknown>>>,
  forms: readonly Form[],
): Form | undefined {
  const asked = forms.filter((form) => options[form] !== undefined);
  if (asked.length <= 1) return asked[0];
  throw new OrdealError(
    'INVALID_INPUT',
    `${asked.map((form) => `--${form}`).join(' and ')} exclude each other: give one of them`,
  );
}
