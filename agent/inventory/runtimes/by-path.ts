import type { Recognised, Runtime } from './recognised.ts';

/** The ids of all these runtimes are SHA-256; whatever else lies beside a container (the monitor of Podman) is called otherwise. */
const id = '(?<id>[0-9a-f]{64})';

/** What the last part of a container's cgroup looks like, by either of the cgroup drivers, and the part above it where that has to tell. */
const shapes: readonly (readonly [Runtime, RegExp])[] = [
  // Before all others: what runs there was started by a kubelet, whichever runtime it uses.
  [
    'kubernetes',
    new RegExp(`^(?:.*/)?kubepods[^/]*/(?:.*/)?(?:(?:cri-containerd|crio|docker)-)?${id}(?:\\.scope)?$`),
  ],
  ['docker', new RegExp(`^(?:.*/)?docker-${id}\\.scope$`)],
  ['docker', new RegExp(`^(?:.*/)?docker/${id}$`)],
  ['podman', new RegExp(`^(?:.*/)?libpod-${id}(?:\\.scope)?$`)],
];

/** The container that a cgroup is, or lies in: by its outermost part that looks like one, for containers may hold containers. */
export function recogniseByPath(path: string): Recognised | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  for (let length = 1; length <= parts.length; length += 1) {
    const cgroup = parts.slice(0, length).join('/');
    for (const [runtime, shape] of shapes) {
      const found = shape.exec(cgroup)?.groups?.['id'];
      if (found !== undefined) return { runtime, id: found, cgroup };
    }
  }
  return undefined;
}
