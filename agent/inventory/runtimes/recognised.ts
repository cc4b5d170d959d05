/** Who runs a container. The orchestrator's name where that gives its containers theirs. */
export type Runtime = 'docker' | 'podman' | 'containerd' | 'runc' | 'kubernetes';

/** A container as its cgroup tells of it. */
export interface Recognised {
  readonly runtime: Runtime;
  /** The runtime's own, as its state on disk says it. */
  readonly id: string;
  /** The path of the whole container below the root of the hierarchies, without a leading slash. */
  readonly cgroup: string;
}

/** What a runtime's state says of a container. */
export interface Described {
  /** What people call it on its host, which the one that takes its place is called as well. */
  readonly name: string;
  readonly image?: string;
}

/** A container of a runtime, held by what it is and called by what people call it. */
export type RuntimeContainer = Recognised & Described;
