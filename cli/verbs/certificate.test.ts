import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Command } from 'commander';
import { ensureAuthority } from '../../service/certificates.ts';
import { certificateVerb } from './certificate.ts';

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'ordeal-certificates-'));
  t.after(async () => await rm(made, { recursive: true }));
  return made;
}

async function certificate(...args: string[]): Promise<void> {
  const program = new Command('ordeal').addCommand(certificateVerb());
  await program.parseAsync(['certificate', ...args, '--json'], { from: 'user' });
}

test('the certificate of an agent is of its authority, and names its role and its host', async (t) => {
  const directory = await folder(t);
  await ensureAuthority(directory);
  await certificate('node-1', '--certificates', directory);
  const read = async (file: string): Promise<Buffer> => await readFile(join(directory, file));
  const made = new X509Certificate(await read('agent-node-1.pem'));
  assert.deepEqual(made.subject.split('\n'), ['O=Ordeal', 'OU=agent', 'CN=agent-node-1']);
  assert.ok(made.verify(new X509Certificate(await read('ca.pem')).publicKey));
  assert.ok(made.checkPrivateKey(createPrivateKey(await read('agent-node-1.key.pem'))));
});

test('where there is no authority, none is made', async (t) => {
  const directory = await folder(t);
  await assert.rejects(certificate('node-1', '--certificates', directory), {
    code: 'NOT_FOUND',
    message: /there is no authority in /,
  });
  assert.deepEqual(await readdir(directory), []);
});

test('a name that no host can have is refused', async (t) => {
  const directory = await folder(t);
  await ensureAuthority(directory);
  await assert.rejects(certificate('Node_1', '--certificates', directory), { code: 'INVALID_INPUT' });
});
