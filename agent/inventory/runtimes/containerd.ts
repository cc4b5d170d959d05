import { z } from 'zod';
import type { Described } from './recognised.ts';
import type { StateFiles } from './state-files.ts';

const tasks = '/run/containerd/io.containerd.runtime.v2.task';
/** Docker keeps its containers there as well, and knows their names itself. */
const ofDocker = 'moby';

const bundleSchema = z.object({
  annotations: z.record(z.string(), z.string()).default({}),
  linux: z.object({ cgroupsPath: z.string().optional() }).default({}),
});

/** A task that containerd runs. */
interface ContainerdTask {
  readonly id: string;
  readonly pid: number;
  /** As the runtime below was told: a path, or `slice:prefix:name`. */
  readonly cgroupsPath: string;
  readonly described: Described;
}

export async function containerdTasks(files: StateFiles): Promise<ContainerdTask[]> {
  const found: ContainerdTask[] = [];
  for (const namespace of await files.names(tasks)) {
    if (namespace === ofDocker) continue;
    for (const id of await files.names(`${tasks}/${namespace}`)) {
      const task = await readTask(namespace, id, files);
      if (task !== undefined) found.push(task);
    }
  }
  return found;
}

/** What a kubelet has started is called by its pod, for the id is another one after each restart. */
export async function describeKubernetes(id: string, files: StateFiles): Promise<Described | undefined> {
  const bundle = await files.json(`${tasks}/k8s.io/${id}/config.json`, bundleSchema);
  return bundle === undefined ? undefined : inPod(bundle.annotations);
}

async function readTask(
  namespace: string,
  id: string,
  files: StateFiles,
): Promise<ContainerdTask | undefined> {
  const bundle = await files.json(`${tasks}/${namespace}/${id}/config.json`, bundleSchema);
  const pid = Number(await files.text(`${tasks}/${namespace}/${id}/init.pid`));
  if (bundle === undefined || !(pid > 0)) return undefined;
  const { annotations, linux } = bundle;
  const described = inPod(annotations) ?? {
    // The namespace is part of who it is: two may hold one id.
    name: `${namespace}/${annotations['nerdctl/name'] ?? id}`,
  };
  return { id, pid, cgroupsPath: linux.cgroupsPath ?? '', described };
}

function inPod(annotations: Readonly<Record<string, string>>): Described | undefined {
  const told = (key: string): string | undefined => annotations[`io.kubernetes.cri.${key}`];
  const [namespace, pod] = [told('sandbox-namespace'), told('sandbox-name')];
  if (namespace === undefined || pod === undefined) return undefined;
  const container = told('container-type') === 'sandbox' ? 'sandbox' : told('container-name');
  const image = told('image-name');
  return {
    name: [namespace, pod, ...(container === undefined ? [] : [container])].join('/'),
    ...(image === undefined ? {} : { image }),
  };
}
