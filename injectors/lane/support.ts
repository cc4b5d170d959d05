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
      error,
      'Use a kernel of 5.16 or later with CONFIG_NETFILTER_EGRESS and CONFIG_NF_TABLES_NETDEV.',
    );
  }
  try {
    const input = layingOf('lo', { root: '1:', leaf: '2:' }, leaf);
    await run('unshare', [...apart, 'tc', '-batch', '-'], { input });
  } catch (error) {
    const modules = `sch_htb and sch_${leaf.kind}`;
    return refused(
      error,
      `Use a kernel with CONFIG_NET_SCH_HTB and CONFIG_NET_SCH_${leaf.kind.toUpperCase()} (the modules ${modules}; on Debian they come with linux-image-amd64, on Ubuntu netem with linux-modules-extra).`,
    );
  }
  return { supported: true };
}

function refused(error: unknown, otherwise: string): Support {
  const { code, message } = OrdealError.from(error);
  const remedy =
    code === 'MISSING_PROGRAM'
      ? 'Run `sudo deploy/setup.sh`, which installs nftables and iproute2.'
      : otherwise;
  return { supported: false, reason: message, remedy };
}
