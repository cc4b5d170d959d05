import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { chosenBy, namedAmong, type NamedProcess } from './named-process.ts';

function running(pid: number, comm: string, program = comm): NamedProcess {
  return { pid, startTicks: pid * 10, parent: 1, comm, program };
}

const some = [running(11, 'nginx'), running(12, 'nginx'), running(13, 'sleep'), running(14, 'nginx-helper')];

function pidsOf(name: string, among: readonly NamedProcess[] = some): number[] {
  return chosenBy(name, among, 'the host h').map(({ pid }) => pid);
}

test('all that bear exactly the name are chosen, and none that only begins like it', () => {
  assert.deepEqual(pidsOf('nginx'), [11, 12]);
});

test('a name that the kernel cut is found by the file of the program, and by what was left of it', () => {
  const long = running(21, 'memcached-for-w', 'memcached-for-web');
  assert.deepEqual(pidsOf('memcached-for-web', [long]), [21]);
  assert.deepEqual(pidsOf('memcached-for-w', [long]), [21]);
});

test('a name that is not there is refused with the nearest and with those that are', () => {
  assert.throws(() => pidsOf('ngin'), {
    code: 'NO_TARGET',
    message:
      'no process on the host h is named "ngin"; did you mean "nginx"? there is: nginx, nginx-helper, sleep',
  });
  assert.throws(() => pidsOf('postgres'), /"postgres"; there is: nginx/);
});

test('what is told of the names that are there is bounded', () => {
  const many = Array.from({ length: 30 }, (_, index) => running(index + 1, `worker-${index + 10}`));
  assert.throws(() => pidsOf('postgres', many), /worker-29, and 10 more$/);
});

test('64 processes of a name are chosen, 65 refused', () => {
  const crowd = Array.from({ length: 65 }, (_, index) => running(index + 1, 'crowd'));
  assert.equal(pidsOf('crowd', crowd.slice(1)).length, 64);
  assert.throws(() => pidsOf('crowd', crowd), { code: 'INVALID_INPUT', message: /65 processes.*64 at most/ });
});

test('a process is read with its file, and one that is gone has no name', async () => {
  // Above the largest pid that Linux gives.
  const [own, ...others] = await namedAmong([process.pid, 2 ** 22 + 1]);
  assert.equal(own?.program, basename(process.execPath));
  assert.equal(own.parent, process.ppid);
  assert.deepEqual(others, []);
});
