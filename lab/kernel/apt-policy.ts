import { run } from '../../command/run.ts';

/** What an administrator has said of how this machine reaches archives, and how old their lists may be. The rest of his apt is not ours. */
const kept = /^Acquire::(Check-Valid-Until|Check-Date|https?::Proxy(::[^ ]+)?) /;

/** The lines of this machine's configuration of apt that hold for every apt on it. */
export async function aptPolicy(): Promise<string[]> {
  return selectPolicy(await run('apt-config', ['dump']));
}

export function selectPolicy(dump: string): string[] {
  return dump.split('\n').filter((line) => kept.test(line) && !line.endsWith(' "";'));
}
