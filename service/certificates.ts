import { OrdealError } from '../errors/ordeal-error.ts';

export const roles = ['controller', 'metrics', 'nats', 'agent', 'operator'] as const;
export type Role = (typeof roles)[number];

export interface CertificateRequest {
  readonly name: string;
  readonly role: Role;
  /** IP addresses and DNS names under which it is reached; localhost and 127.0.0.1 are always among them. */
  readonly addresses: readonly string[];
}

/** Makes the authority of one Ordeal in `directory`, unless it is there. */
export async function ensureAuthority(_directory: string): Promise<void> {
  await Promise.reject(new OrdealError('INTERNAL', 'not built yet'));
}

/** Makes `<name>.pem` and `<name>.key.pem` in `directory`, unless they are there and serve. */
export async function issueCertificate(_directory: string, _request: CertificateRequest): Promise<void> {
  await Promise.reject(new OrdealError('INTERNAL', 'not built yet'));
}
