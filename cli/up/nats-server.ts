import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { natsAccounts } from '../../events/rights.ts';

interface NatsServerOptions {
  readonly directory: string;
  readonly address: string;
  readonly port: number;
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
  /** Whose agents may speak. */
  readonly hosts: readonly string[];
  /** Certificates, as certificateOf names them, that may do everything. */
  readonly everythingFor?: readonly string[];
}

/** Writes the configuration of a nats-server for Ordeal (JetStream on files, mTLS, the rights of each process) and answers its command line. */
export function natsServer(options: NatsServerOptions): string[] {
  const { directory, address, port, tls, hosts, everythingFor } = options;
  const file = join(directory, 'nats-server.conf');
  const quoted = (text: string): string => JSON.stringify(text);
  const lines = [
    `host: ${quoted(address)}`,
    `port: ${port}`,
    `jetstream { store_dir: ${quoted(join(directory, 'store'))} }`,
    `tls { ca_file: ${quoted(tls.ca)}, cert_file: ${quoted(tls.cert)}, key_file: ${quoted(tls.key)}, verify_and_map: true, timeout: 15 }`,
    natsAccounts(hosts, everythingFor),
  ];
  writeFileSync(file, lines.join('\n'), { mode: 0o600 });
  return ['nats-server', '--config', file];
}
