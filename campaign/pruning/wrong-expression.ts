/** Why an expression cannot be read, and where in it. */
export class WrongExpression extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}
