import { monotonicUs, wallUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { EventBody } from '../../events/event.ts';
import { instantOf } from './instant.ts';
import { LineBound } from './line-bound.ts';
import type { Ear, Source } from './source.ts';
import { stampsIn } from './stamps.ts';

interface Watching {
  /** What the campaign calls it. */
  readonly watch: string;
  readonly tell: (body: EventBody, at?: { readonly monoUs: number }) => void;
  readonly onReady: () => void;
  readonly signal: AbortSignal;
}

/** What is not UTF-8 is shown as what cannot be shown, and the rest of the line is kept. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Makes events of what a source hands over, until the signal aborts; rejects, with the last event said, where the source failed. */
export async function watchSource(source: Source, { watch, tell, onReady, signal }: Watching): Promise<void> {
  const bound = new LineBound(monotonicUs());
  let [lines, dropped] = [0, 0];
  const ear: Ear = {
    ready: () => {
      tell({ kind: 'watch.started', watch, of: source.of });
      onReady();
    },
    line: (bytes, stamp) => {
      const readUs = monotonicUs();
      if (!bound.takes(readUs, bytes.length)) {
        dropped += 1;
        return;
      }
      const text = utf8.decode(bytes);
      const reading = { wallUs: wallUs(), monoUs: readUs };
      const stamps = stamp === undefined ? stampsIn(text, reading.wallUs) : [stamp];
      const { monoUs, resolutionUs, stamped } = instantOf(stamps, reading);
      lines += 1;
      tell({ kind: 'watch.line', watch, text, stamped, resolutionUs, readUs }, { monoUs });
    },
    lost: (count) => {
      dropped += count;
    },
  };
  const ended = (failed?: string): void =>
    tell({ kind: 'watch.ended', watch, lines, dropped, ...(failed === undefined ? {} : { failed }) });
  try {
    await source.follow(ear, signal);
  } catch (error) {
    ended(OrdealError.from(error).message);
    throw error;
  }
  ended();
}
