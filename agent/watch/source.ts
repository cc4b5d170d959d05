import type { EventBody } from '../../events/event.ts';

/** When a line was written: by the host's wall clock or by its monotonic one. It was at that instant or up to the resolution later. */
export type Stamp =
  | { readonly wallUs: number; readonly resolutionUs: number }
  | { readonly monoUs: number; readonly resolutionUs: number };

/** What a source hands its lines to. */
export interface Ear {
  /** From here on no line is missed. Said once, before the first line. */
  ready(): void;
  /**
   * A whole line, without its end, read just now. A source that knows when it was written says so; otherwise a stamp is looked for in the
   * line itself. The bytes are used before this returns.
   */
  line(bytes: Uint8Array, stamp?: Stamp): void;
  /** So many lines were there that cannot be handed over. */
  lost(lines: number): void;
}

/** One place where the infrastructure says what it notices and does. */
export interface Source {
  readonly of: Extract<EventBody, { kind: 'watch.started' }>['of'];
  /**
   * Hands over every line that is written from its start until the signal aborts, and then resolves: without a delay, and with
   * everything closed that it opened. Rejects where it cannot be followed, or not any longer. What is not there yet is waited for.
   */
  follow(ear: Ear, signal: AbortSignal): Promise<void>;
}
