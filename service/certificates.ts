import { X509Certificate, createPrivateKey } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isIP, SocketAddress } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockDirectory } from '../command/lock.ts';
import { run } from '../command/run.ts';
import { OrdealError } from '../errors/ordeal-error.ts';

export const roles = ['controller', 'metrics', 'nats', 'agent', 'operator'] as const;
export type Role = (typeof roles)[number];

interface CertificateRequest {
  readonly name: string;
  readonly role: Role;
  /** IP addresses and DNS names under which it is reached; localhost and 127.0.0.1 are always among them. */
  readonly addresses: readonly string[];
}

const authorityDays = 3650;
const certificateDays = 365;
/** Longer than any campaign, so that no certificate expires in the middle of one that was begun with it. */
const renewBeforeMs = 30 * 24 * 3600 * 1000;
/** Making a key and a certificate takes well below a second; whoever holds the lock longer is stuck. */
const lockWithinMs = 30_000;
const alwaysAddressed = ['localhost', '127.0.0.1'];

/** Makes the authority of one Ordeal in `directory`, unless it is there. */
export async function ensureAuthority(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await alone(directory, async (scratch) => {
    if (await isThere(join(directory, 'ca.pem'))) return;
    const key = await ensureKey(directory, 'ca', scratch);
    const request = ['req', '-x509', '-new', '-key', key, '-days', String(authorityDays)];
    const configuration = configure(['O = Ordeal', 'CN = Ordeal authority'], authorityExtensions);
    await certify(request, configuration, join(directory, 'ca.pem'), scratch);
  });
}

/** Makes `<name>.pem` and `<name>.key.pem` in `directory`, unless they are there and serve. */
export async function issueCertificate(directory: string, request: CertificateRequest): Promise<void> {
  check(request);
  const path = join(directory, `${request.name}.pem`);
  await alone(directory, async (scratch) => {
    const key = await ensureKey(directory, request.name, scratch);
    const present = (await isThere(path)) ? new X509Certificate(await readFile(path)) : undefined;
    const named = [...alwaysAddressed, ...request.addresses, ...addressesOf(present)];
    const wanted = new Set(named.map(normal));
    if (present !== undefined && (await serves(present, directory, key, request, wanted))) return;
    const authorityKey = join(directory, 'ca.key.pem');
    if (!(await isThere(authorityKey))) throw cannotSign(directory, request.name);
    const authority = ['-CA', join(directory, 'ca.pem'), '-CAkey', authorityKey];
    const sign = ['req', '-x509', '-new', '-key', key, ...authority, '-days', String(certificateDays)];
    const subject = ['O = Ordeal', `OU = ${request.role}`, `CN = ${request.name}`];
    await certify(sign, configure(subject, extensionsFor(wanted)), path, scratch);
  });
}

const authorityExtensions = [
  'basicConstraints = critical,CA:TRUE,pathlen:0',
  'keyUsage = critical,keyCertSign,cRLSign',
  'subjectKeyIdentifier = hash',
];

function extensionsFor(addresses: ReadonlySet<string>): string[] {
  const names = [...addresses].map((address) => `${isIP(address) === 0 ? 'DNS' : 'IP'}:${address}`);
  return [
    'basicConstraints = critical,CA:FALSE',
    'keyUsage = critical,digitalSignature',
    // Every process both listens and dials, or could.
    'extendedKeyUsage = serverAuth,clientAuth',
    'subjectKeyIdentifier = hash',
    'authorityKeyIdentifier = keyid',
    `subjectAltName = ${names.join(',')}`,
  ];
}

function configure(subject: readonly string[], extensions: readonly string[]): string {
  const request = ['prompt = no', 'distinguished_name = subject', 'x509_extensions = extensions'];
  return ['[req]', ...request, '[subject]', ...subject, '[extensions]', ...extensions, ''].join('\n');
}

async function certify(
  args: readonly string[],
  configuration: string,
  path: string,
  scratch: string,
): Promise<void> {
  const made = join(scratch, 'certificate.pem');
  const configured = join(scratch, 'request.cnf');
  await writeFile(configured, configuration);
  await run('openssl', [...args, '-sha256', '-config', configured, '-out', made]);
  await chmod(made, 0o600);
  await rename(made, path);
}

/** A key is made once and never replaced, so that no crash or reader finds a certificate beside the key of another. */
async function ensureKey(directory: string, name: string, scratch: string): Promise<string> {
  const path = join(directory, `${name}.key.pem`);
  if (await isThere(path)) return path;
  const made = join(scratch, 'key.pem');
  await run('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', made]);
  await chmod(made, 0o600);
  await rename(made, path);
  return path;
}

async function serves(
  certificate: X509Certificate,
  directory: string,
  keyPath: string,
  request: CertificateRequest,
  wanted: ReadonlySet<string>,
): Promise<boolean> {
  const authority = new X509Certificate(await readFile(join(directory, 'ca.pem')));
  const present = new Set(addressesOf(certificate).map(normal));
  const subject = certificate.subject.split('\n');
  return (
    Date.parse(certificate.validTo) - Date.now() > renewBeforeMs &&
    certificate.verify(authority.publicKey) &&
    certificate.checkPrivateKey(createPrivateKey(await readFile(keyPath))) &&
    subject.includes(`OU=${request.role}`) &&
    subject.includes(`CN=${request.name}`) &&
    [...wanted].every((address) => present.has(address))
  );
}

function addressesOf(certificate: X509Certificate | undefined): string[] {
  const text = certificate?.subjectAltName ?? '';
  return [...text.matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].flatMap(([, address]) => address ?? []);
}

/** One way to write each address: openssl writes IPv6 in another one than people do. */
function normal(address: string): string {
  return isIP(address) === 6 ? new SocketAddress({ address, family: 'ipv6' }).address : address.toLowerCase();
}

function check({ name, addresses }: CertificateRequest): void {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) {
    throw new OrdealError(
      'INVALID_INPUT',
      `"${name}" cannot name a certificate: lower case letters, digits and dashes can, 63 at most`,
    );
  }
  for (const address of addresses) {
    if (isIP(address) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(address)) continue;
    throw new OrdealError('INVALID_INPUT', `"${address}" is neither an IP address nor a DNS name`);
  }
}

function cannotSign(directory: string, name: string): OrdealError {
  return new OrdealError(
    'INVALID_INPUT',
    `the certificate "${name}" cannot be made in ${directory}: the authority's key, ca.key.pem, is not there`,
    { remedy: 'Make the certificate where the authority is, and copy it here with its key and ca.pem.' },
  );
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/** Runs `work` while no other process makes certificates in the directory, with a folder there for what is half made. */
async function alone(directory: string, work: (scratch: string) => Promise<void>): Promise<void> {
  const giveUpAt = Date.now() + lockWithinMs;
  let lock = await lockDirectory(directory);
  while (lock === undefined) {
    if (Date.now() > giveUpAt) {
      const message = `another process has been making certificates in ${directory} for ${lockWithinMs / 1000} s`;
      throw new OrdealError('ALREADY_EXISTS', message);
    }
    await sleep(20);
    lock = await lockDirectory(directory);
  }
  try {
    const scratch = await mkdtemp(join(directory, '.making-'));
    try {
      await work(scratch);
    } finally {
      await rm(scratch, { recursive: true });
    }
  } finally {
    await lock.release();
  }
}
