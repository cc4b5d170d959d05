import type { EmbeddedHost, EmbeddedSystem } from './layout.ts';

/**
 * Container runtimes wait before they start a container again (Docker 0.1 s and more, a kubelet 10 s and more). Two seconds
 * are also twice as long as HAProxy may take to see the replica gone, so a crash is always noticed and always repaired.
 */
export const restartDelaySeconds = 2;

/** How the target repairs itself, as lines in the files of its programs. A seeded bug is another way to do one of these. */
export interface Repairs {
  /** Shell: what a replica does when it is started for the first time. */
  readonly firstStart: (host: EmbeddedHost) => readonly string[];
  /** Shell: what a replica that has died does until it starts again. */
  readonly restart: (host: EmbeddedHost) => readonly string[];
  /** So many starts in a row may fail before the supervisor gives a replica up. */
  readonly startRetries: number;
  /** nginx: what a replica answers to its users. */
  readonly answer: (host: EmbeddedHost) => string;
  /** HAProxy: what becomes of a request before a replica is chosen, and the sections that this needs. */
  readonly requestRules: readonly string[];
  readonly sections: readonly string[];
}

export function soundRepairs({ service }: EmbeddedSystem): Repairs {
  return {
    firstStart: () => [],
    restart: () => [`sleep ${restartDelaySeconds}`],
    // Under a fault every start can fail for as long as the fault lasts; giving up would outlive it.
    startRetries: 1000,
    answer: () => `return 200 "${service.body.replace('\n', '\\n')}";`,
    requestRules: [],
    sections: [],
  };
}
