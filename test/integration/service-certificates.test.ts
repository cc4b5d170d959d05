import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { run } from '../../command/run.ts';
import { ensureAuthority, issueCertificate } from '../../service/certificates.ts';
import { tlsFiles } from '../../service/credentials.ts';

describe('certificates', () => {
  let parent: string;
  let directory: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'ordeal-certificates-'));
    directory = join(parent, 'made');
  });
  afterEach(async () => {
    await rm(parent, { recursive: true });
  });

  const agent = { name: 'node-1', role: 'agent' as const, addresses: ['10.0.0.1', 'node-1.example'] };
  const certificate = async (name: string): Promise<X509Certificate> =>
    new X509Certificate(await readFile(join(directory, `${name}.pem`)));

  test('a certificate names its role and addresses, and openssl accepts it under the authority', async () => {
    await ensureAuthority(directory);
    await issueCertificate(directory, agent);
    const made = await certificate('node-1');
    assert.equal(made.subject, 'O=Ordeal\nOU=agent\nCN=node-1');
    for (const host of ['localhost', 'node-1.example']) assert.equal(made.checkHost(host), host);
    for (const address of ['127.0.0.1', '10.0.0.1']) assert.equal(made.checkIP(address), address);
    assert.equal(made.checkIP('10.0.0.2'), undefined);
    const { ca, cert } = tlsFiles(directory, 'node-1');
    for (const purpose of ['sslserver', 'sslclient']) {
      await run('openssl', ['verify', '-x509_strict', '-purpose', purpose, '-CAfile', ca, cert]);
    }
    assert.match(await run('openssl', ['x509', '-in', cert, '-noout', '-text']), /prime256v1/);
  });

  test('only their owner reads them, and nothing half made is left', async () => {
    await ensureAuthority(directory);
    await issueCertificate(directory, agent);
    assert.equal((await stat(directory)).mode & 0o777, 0o700);
    const names = (await readdir(directory)).sort();
    assert.deepEqual(names, ['ca.key.pem', 'ca.pem', 'node-1.key.pem', 'node-1.pem']);
    for (const name of names) assert.equal((await stat(join(directory, name))).mode & 0o777, 0o600, name);
  });

  test('what serves is not made again; a missing address is added to the ones before', async () => {
    await ensureAuthority(directory);
    await issueCertificate(directory, agent);
    const first = await certificate('node-1');
    await ensureAuthority(directory);
    await issueCertificate(directory, { ...agent, addresses: ['10.0.0.1'] });
    assert.equal((await certificate('node-1')).fingerprint256, first.fingerprint256);
    await issueCertificate(directory, { ...agent, addresses: ['fd00::1'] });
    const second = await certificate('node-1');
    for (const address of ['10.0.0.1', 'fd00::1']) assert.equal(second.checkIP(address), address);
    await issueCertificate(directory, { ...agent, addresses: ['fd00::1'] });
    assert.equal((await certificate('node-1')).fingerprint256, second.fingerprint256);
  });

  test('one of another role, another authority, or about to expire is made again', async () => {
    await ensureAuthority(directory);
    await issueCertificate(directory, agent);
    const first = await certificate('node-1');
    await issueCertificate(directory, { ...agent, role: 'operator' });
    assert.match((await certificate('node-1')).subject, /OU=operator/);

    const cert = join(directory, 'node-1.pem');
    const key = join(directory, 'node-1.key.pem');
    const sign = ['-CA', join(directory, 'ca.pem'), '-CAkey', join(directory, 'ca.key.pem')];
    const subject = ['-subj', '/O=Ordeal/OU=agent/CN=node-1', '-days', '29', '-out', cert];
    await run('openssl', ['req', '-x509', '-new', '-key', key, ...sign, ...subject]);
    await issueCertificate(directory, agent);
    const renewed = await certificate('node-1');
    assert.ok(Date.parse(renewed.validTo) > Date.now() + 300 * 24 * 3600 * 1000);

    for (const name of ['ca.pem', 'ca.key.pem']) await unlink(join(directory, name));
    await ensureAuthority(directory);
    await issueCertificate(directory, agent);
    const authority = await certificate('ca');
    assert.ok((await certificate('node-1')).verify(authority.publicKey));
    assert.ok(!first.verify(authority.publicKey));
  });

  test('processes that begin at once end with one authority and one pair', async () => {
    const program = `
      import { ensureAuthority, issueCertificate } from ${JSON.stringify(join(import.meta.dirname, '../../service/certificates.ts'))};
      await ensureAuthority(process.argv[1]);
      await issueCertificate(process.argv[1], { name: 'node-1', role: 'agent', addresses: [process.argv[2]] });`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', program, directory];
    const addresses = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];
    await Promise.all(addresses.map((address) => run(process.execPath, [...args, address])));
    const { ca, cert, key } = tlsFiles(directory, 'node-1');
    await run('openssl', ['verify', '-CAfile', ca, cert]);
    const made = await certificate('node-1');
    for (const address of addresses) assert.equal(made.checkIP(address), address);
    const ofKey = await run('openssl', ['pkey', '-in', key, '-pubout']);
    assert.equal(made.publicKey.export({ type: 'spki', format: 'pem' }), ofKey);
  });

  test('a name or address that would not stay what it is in a certificate is refused', async () => {
    await ensureAuthority(directory);
    for (const name of ['', '../x', 'a/b', 'a\nCN = b', 'A']) {
      await assert.rejects(issueCertificate(directory, { ...agent, name }), { code: 'INVALID_INPUT' });
    }
    for (const address of ['', '10.0.0.1,DNS:evil', 'a b', 'x\n[y]']) {
      await assert.rejects(issueCertificate(directory, { ...agent, addresses: [address] }), {
        code: 'INVALID_INPUT',
      });
    }
  });

  test('without the key of the authority nothing is made, and what serves is kept', async () => {
    await ensureAuthority(directory);
    await issueCertificate(directory, agent);
    await unlink(join(directory, 'ca.key.pem'));
    await issueCertificate(directory, agent);
    await assert.rejects(issueCertificate(directory, { ...agent, addresses: ['10.0.0.9'] }), {
      code: 'INVALID_INPUT',
      message: /ca\.key\.pem, is not there/,
    });
  });

  test('files that are not there are an error that says how they come', async () => {
    await ensureAuthority(directory);
    assert.throws(() => tlsFiles(directory, 'nobody'), {
      code: 'NOT_RUNNING',
      message: /nobody\.pem cannot be read: it is not there/,
      remedy: /ordeal up/,
    });
    await writeFile(join(parent, 'file'), '');
    assert.throws(() => tlsFiles(join(parent, 'file'), 'x'), { code: 'NOT_RUNNING' });
  });
});
