import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unpackedArchive } from '../lab/delivery/archive.ts';
import { hostAddress, type AgentDelivery } from '../lab/delivery/delivery.ts';
import { ensureAuthority, issueCertificate } from '../service/certificates.ts';
import type { Home } from './home.ts';
import { defaultPort, portsFrom } from './ports.ts';

interface Dialled {
  readonly controller: string;
  readonly nats: string;
}

/** What makes agents of the hosts of a lab, for the `ordeal up` of one home. */
export class LabAgents {
  readonly #home: Home;
  readonly #archive: string;
  /** As a machine of the lab reaches them. */
  readonly dialled: Dialled;

  private constructor(home: Home, archive: string, dialled: Dialled) {
    this.#home = home;
    this.#archive = archive;
    this.dialled = dialled;
  }

  /** An `ordeal up` that runs says where it is; one that will, is at the given port or the usual one. */
  static async prepare(
    home: Home,
    port: number | undefined,
    progress: (line: string) => void,
  ): Promise<LabAgents> {
    await ensureAuthority(home.certificates);
    return new LabAgents(home, await unpackedArchive(progress), dialledFrom(home, port));
  }

  async deliveryOf(host: string): Promise<AgentDelivery> {
    const { certificates } = this.#home;
    const name = `agent-${host}`;
    await issueCertificate(certificates, { name, role: 'agent', addresses: [] });
    const files = ['ca.pem', `${name}.pem`, `${name}.key.pem`];
    return {
      archive: this.#archive,
      ...this.dialled,
      certificates: Object.fromEntries(files.map((file) => [file, join(certificates, file)])),
    };
  }
}

function dialledFrom(home: Home, port: number | undefined): Dialled {
  if (port === undefined && existsSync(home.endpointsFile)) {
    const { control, nats } = home.endpoints();
    return { controller: fromMachine(control), nats: fromMachine(nats) };
  }
  const ports = portsFrom(port ?? defaultPort);
  return { controller: `${hostAddress}:${ports.control}`, nats: `${hostAddress}:${ports.nats}` };
}

/** The loopback of the host has another address in a machine; all other addresses of the host are the same there. */
function fromMachine(address: string): string {
  return address.replace(/^(127\.0\.0\.1|localhost):/, `${hostAddress}:`);
}
