import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { containersAmong } from './runtimes.ts';
import { StateFiles } from './state-files.ts';

const [docker, podman, pause, app] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(64));
const unified = [{ version: 2, mountPoint: '/sys/fs/cgroup', root: '/', controllers: [] }] as const;
const startTicks = 4711;
const podPath = '/kubepods.slice/kubepods-pod0.slice';
const tasks = 'run/containerd/io.containerd.runtime.v2.task';

/** What each runtime has on disk, cut down to what is read. */
const state = {
  [`var/lib/docker/containers/${docker}/config.v2.json`]: {
    ID: docker,
    Name: '/web-1',
    Config: { Image: 'nginx:1.27', Tty: false },
  },
  'var/lib/containers/storage/overlay-containers/containers.json': [
    { id: 'e'.repeat(64), names: ['other'] },
    { id: podman, names: ['db'], metadata: '{"image-name":"localhost/postgres:16","name":"db"}' },
  ],
  [`${tasks}/default/proxy/config.json`]: { linux: { cgroupsPath: '/default/proxy' } },
  [`${tasks}/default/proxy/init.pid`]: '30',
  [`${tasks}/moby/${docker}/config.json`]: { linux: { cgroupsPath: `system.slice:docker:${docker}` } },
  [`${tasks}/moby/${docker}/init.pid`]: '10',
  [`${tasks}/k8s.io/${pause}/config.json`]: { annotations: inPod({ 'container-type': 'sandbox' }) },
  [`${tasks}/k8s.io/${app}/config.json`]: {
    annotations: inPod({ 'container-type': 'container', 'container-name': 'app', 'image-name': 'app:2' }),
  },
  'run/runc/plain/state.json': {
    id: 'plain',
    init_process_pid: 40,
    init_process_start: startTicks,
    cgroup_paths: { '': '/sys/fs/cgroup/system.slice/plain' },
  },
  // Of one that was killed: another process has its pid.
  'run/runc/dead/state.json': {
    id: 'dead',
    init_process_pid: 50,
    init_process_start: startTicks - 1,
    cgroup_paths: { '': '/sys/fs/cgroup/user.slice' },
  },
};

const cgroups = new Map([
  [1, ['/init.scope']],
  [10, [`/system.slice/docker-${docker}.scope`]],
  [20, [`/machine.slice/libpod-${podman}.scope/container`]],
  [21, [`/machine.slice/libpod-conmon-${podman}.scope`]],
  [30, ['/default/proxy/made-within']],
  [40, ['/system.slice/plain']],
  [50, ['/user.slice']],
  [60, [`${podPath}/cri-containerd-${pause}.scope`]],
  [61, [`${podPath}/cri-containerd-${app}.scope`]],
]);

function inPod(more: Readonly<Record<string, string>>): Record<string, string> {
  const told = { 'sandbox-namespace': 'shop', 'sandbox-name': 'cart-0', ...more };
  return Object.fromEntries(Object.entries(told).map(([key, value]) => [`io.kubernetes.cri.${key}`, value]));
}

async function found(context: TestContext, given: Readonly<Record<string, unknown>>) {
  const root = await mkdtemp(join(tmpdir(), 'ordeal-runtimes-'));
  context.after(async () => await rm(root, { recursive: true }));
  for (const [path, content] of Object.entries(given)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  const kernel = {
    cgroups,
    hierarchies: unified,
    startTicksOf: async () => await Promise.resolve(startTicks),
  };
  return await containersAmong(kernel, new StateFiles([join(root, 'not-there'), root]));
}

test('each container is told once, by its own runtime, with its name and its whole cgroup', async (context) => {
  const containers = await found(context, state);
  assert.deepEqual(
    containers.sort((one, other) => (one.name < other.name ? -1 : 1)),
    [
      { runtime: 'containerd', id: 'proxy', cgroup: 'default/proxy', name: 'containerd/default/proxy' },
      {
        runtime: 'docker',
        id: docker,
        cgroup: `system.slice/docker-${docker}.scope`,
        name: 'docker/web-1',
        image: 'nginx:1.27',
      },
      {
        runtime: 'kubernetes',
        id: app,
        cgroup: `${podPath.slice(1)}/cri-containerd-${app}.scope`,
        name: 'kubernetes/shop/cart-0/app',
        image: 'app:2',
      },
      {
        runtime: 'kubernetes',
        id: pause,
        cgroup: `${podPath.slice(1)}/cri-containerd-${pause}.scope`,
        name: 'kubernetes/shop/cart-0/sandbox',
      },
      {
        runtime: 'podman',
        id: podman,
        cgroup: `machine.slice/libpod-${podman}.scope`,
        name: 'podman/db',
        image: 'localhost/postgres:16',
      },
      { runtime: 'runc', id: 'plain', cgroup: 'system.slice/plain', name: 'runc/plain' },
    ],
  );
});

test('what Docker keeps elsewhere is found there', async (context) => {
  const containers = await found(context, {
    'etc/docker/daemon.json': { 'data-root': '/srv/docker' },
    [`srv/docker/containers/${docker}/config.v2.json`]: { Name: '/moved' },
  });
  assert.ok(containers.some(({ name }) => name === 'docker/moved'));
});

test('a container whose state is not to be read is called by its id, and one that only its state tells of is not found', async (context) => {
  const names = (await found(context, {})).map(({ name }) => name);
  assert.deepEqual(names.sort(), [
    'docker/aaaaaaaaaaaa',
    'kubernetes/cccccccccccc',
    'kubernetes/dddddddddddd',
    'podman/bbbbbbbbbbbb',
  ]);
});

test('state that is cut off, or of another shape, is no reason not to find the others', async (context) => {
  const names = (
    await found(context, {
      ...state,
      [`var/lib/docker/containers/${docker}/config.v2.json`]: '{"Name":"/we',
      'var/lib/containers/storage/overlay-containers/containers.json': { id: podman },
      'run/runc/plain/state.json': [],
    })
  ).map(({ name }) => name);
  assert.ok(names.includes('docker/aaaaaaaaaaaa') && names.includes('podman/bbbbbbbbbbbb'));
  assert.ok(names.includes('containerd/default/proxy') && !names.includes('runc/plain'));
});
