import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

export interface View {
  readonly width: number;
  readonly height: number;
  readonly dark: boolean;
  /** Of the whole page, however long; else of what is seen first. */
  readonly whole?: boolean;
  /** To be scrolled to: the first element that a selector names. */
  readonly at?: string;
}

interface Answer {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** A chromium without a window, spoken to through its pipe: no port is open, and a page can be as narrow as a telephone. */
export class Browser {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #loaded: (() => void)[] = [];
  #session = '';
  #next = 1;
  #rest = '';

  private constructor(process: ChildProcess, folder: string) {
    this.#process = process;
    this.#folder = folder;
    (process.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const parts = (this.#rest + text).split('\0');
      this.#rest = parts.pop() ?? '';
      for (const part of parts) this.#take(JSON.parse(part) as Answer);
    });
  }

  static async start(): Promise<Browser> {
    const folder = await mkdtemp(join(tmpdir(), 'ordeal-pictures-'));
    const own = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run'];
    const quiet = ['--disable-background-networking', '--disable-sync', '--remote-debugging-pipe'];
    const chromium = spawn('chromium', [...own, ...quiet, `--user-data-dir=${folder}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    await once(chromium, 'spawn');
    const browser = new Browser(chromium, folder);
    const { targetInfos } = (await browser.#ask('Target.getTargets', {})) as {
      targetInfos: { targetId: string; type: string }[];
    };
    const page = targetInfos.find(({ type }) => type === 'page');
    const attached = await browser.#ask('Target.attachToTarget', { targetId: page?.targetId, flatten: true });
    browser.#session = String(attached['sessionId']);
    await browser.#ask('Page.enable', {});
    return browser;
  }

  async open(file: string, { width, height, dark, at }: View): Promise<void> {
    await this.#ask('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
    const features = [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }];
    await this.#ask('Emulation.setEmulatedMedia', { features });
    const loaded = new Promise<void>((resolve) => this.#loaded.push(resolve));
    await this.#ask('Page.navigate', { url: pathToFileURL(file).href });
    await loaded;
    if (at !== undefined)
      await this.evaluate(`document.querySelector(${JSON.stringify(at)}).scrollIntoView()`);
  }

  async evaluate(expression: string): Promise<unknown> {
    const { result } = (await this.#ask('Runtime.evaluate', { expression, returnByValue: true })) as {
      result: { value: unknown };
    };
    return result.value;
  }

  async picture(file: string, view: View): Promise<Buffer> {
    await this.open(file, view);
    const { data } = await this.#ask('Page.captureScreenshot', { ...(await this.#clip(view)) });
    return Buffer.from(String(data), 'base64');
  }

  async #clip({ width, whole }: View): Promise<Record<string, unknown>> {
    if (whole !== true) return { captureBeyondViewport: false };
    const height = await this.evaluate('document.documentElement.scrollHeight');
    return { captureBeyondViewport: true, clip: { x: 0, y: 0, width, height, scale: 1 } };
  }

  async paper(file: string): Promise<Buffer> {
    await this.open(file, { width: 1200, height: 900, dark: false });
    const { data } = await this.#ask('Page.printToPDF', { preferCSSPageSize: true, printBackground: true });
    return Buffer.from(String(data), 'base64');
  }

  async close(): Promise<void> {
    const gone = once(this.#process, 'exit');
    this.#process.kill();
    await gone;
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #ask(method: string, params: Record<string, unknown>): Promise<Record<string, unknown>> {
    const id = this.#next++;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    const session = this.#session === '' ? {} : { sessionId: this.#session };
    (this.#process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  #take(answer: Answer): void {
    if (answer.id !== undefined) {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    }
    if (answer.method === 'Page.loadEventFired') this.#loaded.shift()?.();
  }
}
