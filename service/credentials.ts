import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentials, ServerCredentials, type ChannelCredentials } from '@grpc/grpc-js';
import { OrdealError } from '../errors/ordeal-error.ts';
import { roles, type Role } from './certificates.ts';
import { systemCode } from '../errors/system-code.ts';

/** Paths of files. */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface Peer {
  readonly name: string;
  readonly role: Role;
}

/** What peerOf needs of a grpc-js call of any kind. */
export interface AuthenticatedCall {
  getAuthContext(): { readonly sslPeerCertificate?: { readonly subject: object } } | null;
}

/** The files of one name in a directory of certificates, where they are there. */
export function tlsFiles(directory: string, name: string): TlsFiles {
  const files = {
    ca: join(directory, 'ca.pem'),
    cert: join(directory, `${name}.pem`),
    key: join(directory, `${name}.key.pem`),
  };
  read(files);
  return files;
}

/** Of a server that refuses every client without a certificate of the same authority. */
export function serverCredentials(files: TlsFiles): ServerCredentials {
  const { ca, cert, key } = read(files);
  return ServerCredentials.createSsl(ca, [{ private_key: key, cert_chain: cert }], true);
}

/**
 * To a server of this role. Its certificate says which process it is, wherever that runs: a certificate of an agent cannot pass for the
 * controller's, and an address that has changed needs no new one.
 */
export function clientCredentials(files: TlsFiles, role: Role): ChannelCredentials {
  const { ca, cert, key } = read(files);
  return credentials.createSsl(ca, key, cert, {
    checkServerIdentity: (_name, { subject }) => {
      const found = [subject.OU].flat().join(', ');
      return found === role
        ? undefined
        : new Error(`the server's certificate is of the role "${found}", not "${role}"`);
    },
  });
}

/** TLS knows no server name that is an address; every certificate of Ordeal has this one. */
export const channelOptions = { 'grpc.ssl_target_name_override': 'localhost' } as const;

/** Whom the certificate of the other side names. */
export function peerOf(call: AuthenticatedCall): Peer {
  const subject = call.getAuthContext()?.sslPeerCertificate?.subject ?? {};
  const name = 'CN' in subject ? subject.CN : undefined;
  const unit = 'OU' in subject ? subject.OU : undefined;
  const role = roles.find((candidate) => candidate === unit);
  if (typeof name !== 'string' || role === undefined) {
    throw new OrdealError(
      'NOT_ALLOWED',
      `the client's certificate names no role of Ordeal (found "${String(unit)}"; known are ${roles.join(', ')})`,
    );
  }
  return { name, role };
}

/** The peer, where its role is one of these. */
export function requireRole(call: AuthenticatedCall, ...allowed: readonly Role[]): Peer {
  const peer = peerOf(call);
  if (allowed.includes(peer.role)) return peer;
  throw new OrdealError(
    'NOT_ALLOWED',
    `"${peer.name}" has the role ${peer.role}; this is for ${allowed.join(' and ')} only`,
  );
}

function read(files: TlsFiles): { ca: Buffer; cert: Buffer; key: Buffer } {
  return { ca: readOne(files.ca), cert: readOne(files.cert), key: readOne(files.key) };
}

function readOne(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const absent = systemCode(cause) === 'ENOENT';
    const why = absent ? 'it is not there' : OrdealError.from(cause).message;
    throw new OrdealError('NOT_RUNNING', `the certificate file ${path} cannot be read: ${why}`, {
      cause,
      remedy: 'Start Ordeal with `ordeal up`, which makes its certificates; or copy them from where it runs.',
    });
  }
}
