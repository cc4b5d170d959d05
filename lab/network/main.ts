import { once } from 'node:events';
import { listenAsSwitch } from './listen.ts';

// The switch of one lab, as a process of its own: it lives as long as the lab does, not as long as the command that started it.
const [ports = '', frames = ''] = process.argv.slice(2);
const servers = await listenAsSwitch({ ports, frames }, (why) =>
  process.stderr.write(`${new Date().toISOString()} a port ended: ${why}\n`),
);
process.stdout.write(`${new Date().toISOString()} switching at ${ports}\n`);
await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
for (const server of servers) server.close();
process.exit(0);
