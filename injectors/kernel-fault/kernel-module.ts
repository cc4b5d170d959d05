import { access } from 'node:fs/promises';
import { run } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Support } from '../injector.ts';
import { withoutRoot } from '../privilege.ts';
import { treePath } from './fault-tree.ts';
import { readModuleFacts, type ModuleName } from './module-facts.ts';
import { moduleVersion, supportBy } from './module-support.ts';

type Unsupported = Support & { readonly supported: false };

/** One module of Ordeal in the running kernel. It stays loaded when the faults are over: idle, it is in no packet's or command's way. */
export class KernelModule {
  readonly name: ModuleName;
  /** What the kernel said when it would not take it: no file shows that beforehand. */
  #refused: Unsupported | undefined;

  constructor(name: ModuleName) {
    this.name = name;
  }

  /** Loads nothing, and so believes what it sees, until the kernel has refused it. */
  async supported(): Promise<Support> {
    const unprivileged = withoutRoot();
    if (unprivileged !== undefined) return unprivileged;
    const facts = await readModuleFacts(this.name);
    if (facts.isLoaded) this.#refused = undefined;
    const support = supportBy(facts);
    return support.supported ? (this.#refused ?? support) : support;
  }

  /** Has it loaded and configfs mounted; no harm where they are. Throws UNSUPPORTED, with the remedy. */
  async load(): Promise<void> {
    const support = await this.supported();
    if (!support.supported && this.#refused === undefined) throw unsupported(support);
    try {
      await run('modprobe', [this.name]);
    } catch (error) {
      const refused = refusalOf(this.name, OrdealError.from(error));
      this.#refused = refused;
      throw unsupported(refused, error);
    }
    this.#refused = undefined;
    await mountConfigfs();
    const loaded = supportBy(await readModuleFacts(this.name));
    if (!loaded.supported) throw unsupported(loaded);
  }
}

/** Has the faults of this kernel in view, where a module of them is loaded: whoever unmounted configfs ended no fault by it. */
export async function mountConfigfs(): Promise<void> {
  if ((await exists(treePath)) || !(await exists('/sys/module/ordeal'))) return;
  await run('mount', ['-t', 'configfs', 'configfs', '/sys/kernel/config']);
  if (await exists(treePath)) return;
  throw new OrdealError('UNSUPPORTED', `the module ordeal is loaded, and ${treePath} is not there`, {
    remedy: `Look what is mounted at /sys/kernel/config; configfs has to be.`,
  });
}

/** What modprobe's words, which are the kernel's, mean for a module that was found. */
export function refusalOf(module: ModuleName, { code, message }: OrdealError): Unsupported {
  const remedy =
    code === 'MISSING_PROGRAM'
      ? 'Install the Debian package kmod.'
      : (remedies.find(({ said }) => message.includes(said))?.remedy ??
        `\`dmesg\` says more. The modules are of version ${moduleVersion}: install them anew by \`sudo deploy/dkms/install.sh\`.`);
  return { supported: false, reason: `the kernel does not take the module ${module}: ${message}`, remedy };
}

const signing = 'Sign the modules by a key of this machine (docs/kernel-modules.md says how).';

const remedies = [
  {
    said: 'Key was rejected by service',
    remedy: `Its signature is by no key that the kernel trusts. ${signing}`,
  },
  {
    said: 'Required key not available',
    remedy: `It is not signed by a key that the kernel trusts. ${signing}`,
  },
  {
    said: 'Operation not permitted',
    remedy: `The kernel is locked down, or the agent has no CAP_SYS_MODULE. ${signing}`,
  },
  {
    said: 'Exec format error',
    remedy: 'It was built for another kernel: build it anew by `sudo deploy/dkms/install.sh`.',
  },
];

function unsupported(support: Unsupported, cause?: unknown): OrdealError {
  return new OrdealError('UNSUPPORTED', support.reason, { remedy: support.remedy, cause });
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
