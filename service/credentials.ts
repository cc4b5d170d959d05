import type { ChannelCredentials, ServerCredentials } from '@grpc/grpc-js';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Role } from './certificates.ts';

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
  getAuthContext(): { readonly sslPeerCertificate?: object } | null;
}

export function tlsFiles(_directory: string, _name: string): TlsFiles {
  throw new OrdealError('INTERNAL', 'not built yet');
}

export function serverCredentials(_files: TlsFiles): ServerCredentials {
  throw new OrdealError('INTERNAL', 'not built yet');
}

export function clientCredentials(_files: TlsFiles): ChannelCredentials {
  throw new OrdealError('INTERNAL', 'not built yet');
}

/** Whom the certificate of the other side names. */
export function peerOf(_call: AuthenticatedCall): Peer {
  throw new OrdealError('INTERNAL', 'not built yet');
}

/** The peer, where its role is one of these. */
export function requireRole(_call: AuthenticatedCall, ..._roles: readonly Role[]): Peer {
  throw new OrdealError('INTERNAL', 'not built yet');
}
