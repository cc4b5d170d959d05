import { clearTimeout, setTimeout } from 'node:timers';

/** Of the time, what looks at something again and again may take on a host that is slow: what is looked at is there for others. */
const share = 0.1;
/** No rest is longer: what was slow amid a fault, as where memory is scarce, is quick again after it. */
const longestMs = 60_000;

/** How long to rest after what took so long, where it is usually done again after `usualMs`. */
export function restMs(tookMs: number, usualMs: number): number {
  return Math.max(usualMs, Math.min(longestMs, Math.round(tookMs / share - tookMs)));
}

/** Does something again and again until the answer is called; what fails is done again. It keeps no process alive. */
export function repeat(act: () => Promise<unknown>, usualMs: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const next = (pauseMs: number): void => {
    timer = setTimeout(() => {
      const began = performance.now();
      void act()
        .catch(() => undefined)
        .finally(() => {
          if (!isStopped) next(restMs(performance.now() - began, usualMs));
        });
    }, pauseMs).unref();
  };
  next(usualMs);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
