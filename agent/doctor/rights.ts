import { good, missing, type Finding } from './finding.ts';

const needed = [20, 20] as const;

/** Who runs this, and by which Node. */
export function lookAtRights(): Finding[] {
  return [user(), node()];
}

function user(): Finding {
  const uid = process.geteuid?.();
  if (uid === 0) return good('rights', 'root');
  return missing(
    'rights',
    `user ${uid ?? 'unknown'}, not root`,
    'Faults change the kernel, so the agent of a host runs as root. Run this again with sudo to see what root can do here.',
  );
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isEnough = major > needed[0] || (major === needed[0] && minor >= needed[1]);
  if (isEnough) return good('node', process.version);
  return missing('node', process.version, `Install Node ${needed.join('.')} or later.`);
}
