import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface NatsServerOptions {
  readonly directory: string;
  readonly address: string;
  readonly port: number;
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
}

/** Writes the configuration of the nats-server that `ordeal up` runs (JetStream on files, mTLS) and answers its command line. */
export function natsServer({ directory, address, port, tls }: NatsServerOptions): string[] {
  const file = join(directory, 'nats-server.conf');
  const quoted = (text: string): string => JSON.stringify(text);
  const lines = [
    `host: ${quoted(address)}`,
    `port: ${port}`,
    `jetstream { store_dir: ${quoted(join(directory, 'store'))} }`,
    `tls { ca_file: ${quoted(tls.ca)}, cert_file: ${quoted(tls.cert)}, key_file: ${quoted(tls.key)}, verify: true, timeout: 5 }`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return ['nats-server', '--config', file];
}
