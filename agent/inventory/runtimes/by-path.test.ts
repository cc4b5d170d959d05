import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recogniseByPath } from './by-path.ts';

const id = 'a1b2c3d4'.repeat(8);
const pod = 'pod1f0e2d3c_0000_4000_8000_0123456789ab';

const recognised = [
  ['docker', `system.slice/docker-${id}.scope`],
  ['docker', `docker/${id}`],
  ['docker', `batch.slice/docker-${id}.scope`],
  ['podman', `machine.slice/libpod-${id}.scope`],
  ['podman', `libpod_parent/libpod-${id}`],
  ['podman', `user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope`],
  [
    'kubernetes',
    `kubepods.slice/kubepods-burstable.slice/kubepods-burstable-${pod}.slice/cri-containerd-${id}.scope`,
  ],
  ['kubernetes', `kubepods.slice/kubepods-${pod}.slice/crio-${id}.scope`],
  ['kubernetes', `kubepods/besteffort/${pod}/${id}`],
] as const;

for (const [runtime, cgroup] of recognised) {
  test(`${cgroup.replace(id, '<id>')} is a container of ${runtime}`, () => {
    assert.deepEqual(recogniseByPath(`/${cgroup}`), { runtime, id, cgroup });
  });
}

test('what is below a container belongs to it', () => {
  for (const [runtime, cgroup] of recognised) {
    const below = fc.array(fc.stringMatching(/^[a-z.]{1,12}$/), { maxLength: 4 });
    fc.assert(
      fc.property(below, (parts) => {
        assert.deepEqual(recogniseByPath(`/${[cgroup, ...parts].join('/')}`), { runtime, id, cgroup });
      }),
    );
  }
});

test('a container within a container is that container, not one of its own', () => {
  const outer = `system.slice/docker-${id}.scope`;
  const inner = `docker/${'0'.repeat(64)}`;
  assert.equal(recogniseByPath(`/${outer}/${inner}`)?.cgroup, outer);
});

for (const path of [
  '/',
  '/system.slice/docker.service',
  '/system.slice/docker-web.scope',
  `/machine.slice/libpod-conmon-${id}.scope`,
  `/system.slice/docker-${id.slice(1)}.scope`,
  `/docker/${id}0`,
  `/${id}`,
  `/kubepods/besteffort/${pod}`,
  '/user.slice/user-0.slice/session-1.scope',
]) {
  test(`${path.replace(id, '<id>')} is no container that its path tells of`, () => {
    assert.equal(recogniseByPath(path), undefined);
  });
}
