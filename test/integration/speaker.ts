// A process that speaks until it is killed: after every event that was said it writes its number to standard output.
import { writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Bus } from '../../events/bus.ts';
import { Reporter } from '../../events/reporter.ts';

const [servers = '', ca = '', cert = '', key = '', directory = ''] = process.argv.slice(2);
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const bus = Bus.connect({ servers, tls: { ca, cert, key }, name: 'speaker', log: silent });
const reporter = await Reporter.open({ producer: 'speaker', host: 'speaker', directory, bus, log: silent });
const scope = { campaign: 'kill', trial: 't1', attempt: 1 };
for (let number = 0; ; number += 1) {
  reporter.event(scope, { kind: 'host.checked', residue: [String(number)] });
  writeSync(1, `${number}\n`);
  await nextTurn();
}
