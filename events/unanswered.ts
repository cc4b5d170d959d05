import type { Pulled } from './pull.ts';

/** Messages that are here and not answered yet: as long as their reader lives the server is told that they are worked on. */
export class Unanswered {
  readonly #messages = new Set<Pulled>();
  readonly #timer: NodeJS.Timeout;

  constructor(tellEveryMs: number) {
    this.#timer = setInterval(() => {
      for (const message of this.#messages) message.working();
    }, tellEveryMs).unref();
  }

  add(message: Pulled): void {
    this.#messages.add(message);
  }

  /** The same message, for whoever is to answer it. */
  answerable(message: Pulled): Pulled {
    const answered = (answer: () => void) => (): void => {
      this.#messages.delete(message);
      answer();
    };
    return { ...message, ack: answered(message.ack), term: answered(message.term) };
  }

  /** What is left comes again, when the server has waited for it. */
  end(): void {
    clearInterval(this.#timer);
    this.#messages.clear();
  }
}
