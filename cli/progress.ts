import { counted } from '../errors/counted.ts';
import { faultTitle } from '../campaign/fault-title.ts';
import { enoughBecause, untilPolicy } from '../campaign/sequential/until.ts';
import { isKind, type Event } from '../events/event.ts';
import type { Output } from './output.ts';
import {
  absencePhrases,
  after,
  awaitedPhrase,
  countOf,
  frame,
  noticeWords,
  verdictLines,
  verdicts,
} from './watching/frame.ts';
import { columnsOf, type Line, rendered, type Segment, type Surface } from './watching/segment.ts';
import { WatchedCampaign, type WatchedTrial } from './watching/watched-campaign.ts';

/** As often as a running clock needs. */
const redrawMs = 250;

/**
 * What people see of a campaign while it runs: a line for each thing that is over and, on a terminal, below them a frame that is drawn again
 * and again for the trial that runs.
 */
export class Progress {
  readonly #output: Output;
  readonly #nowUs: () => number;
  readonly #watched = new WatchedCampaign();
  readonly #measured = new Set<string>();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #redraw = (): void => {
    this.#draw();
  };
  /** How wide each row of the frame is that is on the terminal. */
  #drawn: readonly number[] = [];

  constructor(output: Output, nowUs: () => number = () => Date.now() * 1000) {
    this.#output = output;
    this.#nowUs = nowUs;
    if (!output.live) return;
    this.#timer = setInterval(this.#redraw, redrawMs);
    process.stdout.on('resize', this.#redraw);
  }

  show(event: Event): void {
    const told = this.#watched.trialOf(event)?.notices.length ?? 0;
    this.#watched.take(event);
    const trial = this.#watched.trialOf(event);
    if (isKind(event, 'campaign.started')) {
      this.#keep(event, [
        `campaign ${event.body.name}: ${counted(this.#watched.plan.trials.length, 'trial')}`,
      ]);
    }
    if (isKind(event, 'campaign.paused')) this.#keep(event, [`campaign paused: ${event.body.reason}`]);
    if (isKind(event, 'campaign.resumed')) this.#keep(event, ['campaign resumed']);
    if (isKind(event, 'campaign.ended')) {
      const { outcome, reason } = event.body;
      this.#keep(event, [`campaign ${outcome}${reason === undefined ? '' : `: ${reason}`}`]);
    }
    if (isKind(event, 'campaign.concluded')) {
      const { blocks, because } = event.body;
      this.#keep(event, [`${blocks} blocks: ${enoughBecause[because]}`]);
    }
    if (isKind(event, 'trial.pruned') && event.body.policy !== untilPolicy) {
      const { policy, grounds } = event.body;
      const label = this.#watched.titleOf(event.trial);
      this.#keep(event, [`${label}  left out by ${policy}: ${grounds}`]);
    }
    if (trial !== undefined) this.#showTrial(event, trial, told);
    this.#draw();
  }

  /** Removes the frame; nothing is drawn any more. */
  end(): void {
    clearInterval(this.#timer);
    process.stdout.off('resize', this.#redraw);
    this.#erase();
  }

  /** What it all came to, and where there is more of it. */
  conclude(report: string | undefined): void {
    const counts = verdicts.flatMap((verdict): Line => [countOf(this.#watched, verdict), '   ']);
    this.#write([counts]);
    if (report !== undefined) process.stdout.write(`report: ${report}\n`);
  }

  #showTrial(event: Event, trial: WatchedTrial, told: number): void {
    const label = this.#label(trial);
    if (isKind(event, 'injection.failed')) {
      this.#keep(event, [`${label}  `, { text: event.body.code, colour: 'fail' }, `: ${event.body.message}`]);
    } else if (isKind(event, 'trial.step') && event.body.state === 'failed') {
      const { step, reason = 'no reason given' } = event.body;
      this.#keep(event, [`${label}  `, { text: `${step} failed`, colour: 'fail' }, `: ${reason}`]);
    } else if (isKind(event, 'trial.ended') && event.body.outcome !== 'completed') {
      this.#keep(event, [`${label}  ${event.body.outcome}: ${event.body.reason ?? ''}`]);
    } else if ((isKind(event, 'host.silent') || isKind(event, 'host.returned')) && !this.#output.live) {
      this.#keep(event, [`${label}  ${absencePhrases(trial).join(', ')}`]);
    } else if (isKind(event, 'fault.awaited')) {
      this.#keep(event, [`${label}  ${awaitedPhrase(trial, event)}`]);
    } else if (isKind(event, 'watch.line') && !this.#output.live) {
      for (const { notice, afterUs } of trial.notices.slice(told)) {
        const { means, rule, watch } = notice;
        this.#keep(event, [`${label}  ${noticeWords[means]} ${after(afterUs)}: ${rule} (${watch})`]);
      }
    } else if (isKind(event, 'trial.measured') && event.body.final) {
      this.#conclude(event, trial, label);
    }
  }

  #conclude(event: Event<'trial.measured'>, trial: WatchedTrial, label: string): void {
    const key = `${trial.trial}-${trial.attempt}`;
    if (this.#measured.has(key)) return;
    this.#measured.add(key);
    const { verdict, reasons } = event.body;
    if (this.#output.live) {
      this.#write(verdictLines(trial, timeOf(event), this.#surface.columns));
      return;
    }
    const text = [label, verdict, trial.effects.join(' + '), reasons.join('; ')].filter(Boolean).join('  ');
    this.#keep(event, [text]);
  }

  #label({ trial, attempt, fault }: WatchedTrial): string {
    const again = attempt === 1 ? '' : ` (attempt ${attempt})`;
    return `${trial}/${this.#watched.plan.trials.length}  ${faultTitle(fault)}${again}`;
  }

  #keep(event: Event, line: Line): void {
    this.#write([[timeOf(event), ...line]]);
  }

  /** Lines that stay; on a terminal they are not cut, but wrapped. */
  #write(lines: readonly Line[]): void {
    this.#erase();
    const surface = { ...this.#surface, columns: Infinity };
    process.stdout.write(lines.map((line) => `${rendered(line, surface).trimEnd()}\n`).join(''));
  }

  #draw(): void {
    if (!this.#output.live) return;
    const surface = this.#surface;
    const plain = { ...surface, colours: false };
    const lines = frame(this.#watched, Math.max(this.#nowUs(), this.#watched.lastUs), surface.columns);
    this.#erase();
    process.stdout.write(lines.map((line) => `${rendered(line, surface)}\n`).join(''));
    this.#drawn = lines.map((line) => columnsOf(rendered(line, plain)));
  }

  /** A terminal that was made narrower has wrapped the rows that are too wide for it now. */
  #erase(): void {
    const width = terminalColumns();
    const rows = this.#drawn.reduce((sum, columns) => sum + Math.max(1, Math.ceil(columns / width)), 0);
    if (rows > 0) process.stdout.write(`\x1b[${rows}A\r\x1b[J`);
    this.#drawn = [];
  }

  get #surface(): Surface {
    // The last column stays free: some terminals wrap what reaches it.
    return { columns: terminalColumns() - 1, colours: this.#output.colours };
  }
}

/** Some terminals know no width, or say 0. */
function terminalColumns(): number {
  return process.stdout.columns || 80;
}

function timeOf({ wallUs }: Event): Segment {
  return { text: `${new Date(wallUs / 1000).toTimeString().slice(0, 8)}  `, colour: 'faint' };
}
