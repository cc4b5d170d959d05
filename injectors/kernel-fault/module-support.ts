import type { Support } from '../injector.ts';
import type { ModuleFacts } from './module-facts.ts';

/** What this version of Ordeal speaks with: ORDEAL_VERSION of kmod/core/main.c. */
export const moduleVersion = '1';

const installing = '`sudo deploy/dkms/install.sh` (see docs/kernel-modules.md)';

/** Whether a module works here, and if not, what exactly is missing. */
export function supportBy(facts: ModuleFacts): Support {
  const { module, release, isLoaded, loadedVersion, file } = facts;
  if (loadedVersion !== undefined && loadedVersion !== moduleVersion) return otherVersion(loadedVersion);
  if (!facts.hasConfigfs) {
    return no(
      `the kernel ${release} has no configfs, by which the module is driven`,
      `Use a kernel with CONFIG_CONFIGFS_FS, as every one of Debian has it.`,
    );
  }
  if (isLoaded) return { supported: true };
  if (file === undefined) return noFile(facts);
  if (facts.isClosed) {
    return no(
      'this kernel loads no more modules until it is booted anew (kernel.modules_disabled is 1)',
      `Load ${module} at boot, before that is set: \`echo ${module} >/etc/modules-load.d/ordeal.conf\`.`,
    );
  }
  if (!facts.mayLoad) {
    return no(
      `${module} is not loaded, and the agent may not load it: it has no CAP_SYS_MODULE`,
      `Give the agent that capability, or load the module before it starts: \`sudo modprobe ${module}\`.`,
    );
  }
  if (facts.signedOnlyBecause !== undefined && !facts.isSigned) {
    return no(
      `${file} is not signed, and this kernel takes signed modules only: ${facts.signedOnlyBecause}`,
      `Sign the modules by a key of this machine (docs/kernel-modules.md says how).`,
    );
  }
  return { supported: true };
}

function otherVersion(loaded: string): Support {
  return no(
    `the modules that are loaded speak version ${loaded}, and this agent speaks version ${moduleVersion}`,
    `Install this version's modules by ${installing}, then unload the others: \`sudo modprobe -r ordeal_net ordeal_storage ordeal_cpu ordeal_memory ordeal\`.`,
  );
}

function noFile({ module, release, hasHeaders }: ModuleFacts): Support {
  if (hasHeaders) {
    return no(
      `there is no module ${module} for the kernel ${release}`,
      `Build and install it by ${installing}.`,
    );
  }
  return no(
    `there is no module ${module} for the kernel ${release}, nor are there headers to build it`,
    `Install the package linux-headers-${release}, then the modules by ${installing}.`,
  );
}

function no(reason: string, remedy: string): Support {
  return { supported: false, reason, remedy };
}
