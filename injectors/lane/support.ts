import { run } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Support } from '../injector.ts';
import { withoutRoot } from '../privilege.ts';
import { layingOf, type Leaf } from './queue.ts';

const egressProbe = `table netdev ordeal-probe {
chain probe {
type filter hook egress device "lo" priority 0;
meta priority set 1:1
}
}
`;

/** Tried for real, in a network namespace that goes with the attempt. */
export async function laneSupport(leaf: Leaf): Promise<Support> {
  const unprivileged = withoutRoot();
  if (unprivileged !== undefined) return unprivileged;
  const apart = ['--net', '--'];
  try {
    await run('unshare', [...apart, 'nft', '--file', '-'], { input: egressProbe });
  } catch (error) {
    return refused(
      await apartFromMissing('nft', error),
      'Use a kernel of 5.16 or later with CONFIG_NETFILTER_EGRESS and CONFIG_NF_TABLES_NETDEV.',
    );
  }
  try {
    const input = layingOf('lo', { root: '1:', leaf: '2:' }, leaf);
    await run('unshare', [...apart, 'tc', '-batch', '-'], { input });
  } catch (error) {
    const modules = `sch_htb and sch_${leaf.kind}`;
    return refused(
      await apartFromMissing('tc', error),
      `Use a kernel with CONFIG_NET_SCH_HTB and CONFIG_NET_SCH_${leaf.kind.toUpperCase()} (the modules ${modules}; on Debian they come with linux-image-amd64, on Ubuntu netem with linux-modules-extra).`,
    );
  }
  return { supported: true };
}

/** What `unshare` says of a program that is missing is what it says of one that fails: asked for by itself, it is told apart. */
async function apartFromMissing(program: string, error: unknown): Promise<unknown> {
  try {
    await run(program, ['-V']);
    return error;
  } catch (alone) {
    return OrdealError.from(alone).code === 'MISSING_PROGRAM' ? alone : error;
  }
}

function refused(error: unknown, otherwise: string): Support {
  const { code, message, remedy } = OrdealError.from(error);
  return { supported: false, reason: message, remedy: code === 'MISSING_PROGRAM' ? remedy : otherwise };
}
