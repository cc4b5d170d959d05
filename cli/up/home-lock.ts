import { existsSync, readFileSync } from 'node:fs';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Home } from '../home.ts';

/** Refuses when another `ordeal up` holds this home. A pid that is somebody else's by now is told from ours by what it runs. */
export function refuseSecondUp(home: Home): void {
  if (!existsSync(home.endpointsFile)) return;
  const { pid } = home.endpoints();
  if (pid === process.pid || !runsOrdealUp(pid)) return;
  throw new OrdealError('ALREADY_EXISTS', `Ordeal already runs from ${home.directory} (pid ${pid})`, {
    remedy: 'Use it as it is, end it with Ctrl-C or SIGTERM, or give another ORDEAL_HOME and --port.',
  });
}

function runsOrdealUp(pid: number): boolean {
  try {
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return argv.includes('up') && argv.some((word) => /ordeal(\.js)?$|cli\/main\.(ts|js)$/.test(word));
  } catch {
    return false;
  }
}
