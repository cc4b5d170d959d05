import { z } from 'zod';
import { monotonicUs } from '../../clock/monotonic.ts';
import { run } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Effects, Injection, Injector, Memory, Reverted, Support, Verification } from '../injector.ts';
import { namespacesOf, runInNamespace } from '../network-namespace.ts';
import { matchesOf } from '../packet-filter.ts';
import type { Target } from '../target.ts';
import { PacketTable, tablesOf } from '../packets/table.ts';
import { withoutRoot } from '../privilege.ts';
import { nftDrop, type NftDropParameters } from './descriptor.ts';
import { deviceOf, isThere } from './device.ts';
import { instantsOf, missingFrom, parseCounted } from './read-back.ts';
import { directionsOf, refusalOf, rulesetOf, shareOf, tableOf, tablePrefix } from './ruleset.ts';

const memorySchema = z.object({ netns: z.number(), device: z.string(), ifindex: z.number() });

export class NftDropInjector implements Injector<NftDropParameters> {
  readonly descriptor = nftDrop;

  async supported(): Promise<Support> {
    const unprivileged = withoutRoot();
    if (unprivileged !== undefined) return unprivileged;
    try {
      await run('nft', ['--check', '--file', '-'], { input: probe('ingress') });
      return { supported: true };
    } catch (error) {
      const { code, message, remedy: install } = OrdealError.from(error);
      const remedy =
        code === 'MISSING_PROGRAM'
          ? install
          : 'Use a kernel with nftables for devices: CONFIG_NF_TABLES_NETDEV and CONFIG_NETFILTER_INGRESS.';
      return { supported: false, reason: message, remedy };
    }
  }

  async capture(injection: Injection<NftDropParameters>): Promise<Memory> {
    const refusal = refusalOf(injection.mode);
    if (refusal !== undefined) throw new OrdealError('INVALID_INPUT', refusal);
    const device = await deviceOf(injection);
    if (directionsOf(injection.parameters).some(({ hook }) => hook === 'egress')) await needEgress();
    // The kernel looks at the whole of it, and takes none of it.
    await runInNamespace(device.netns, ['nft', '--check', '--file', '-'], rulesetOf(injection, device));
    return { ...device };
  }

  async apply(injection: Injection<NftDropParameters>, memory: Memory): Promise<void> {
    const device = memorySchema.parse(memory);
    // nft applies all of a file or nothing, so a table that is there is complete; its time runs on.
    if (await tableIn(device, injection).isThere()) return;
    if (!(await isThere(device)))
      throw new OrdealError('NO_TARGET', `the interface ${device.device} is gone`);
    await runInNamespace(device.netns, ['nft', '--file', '-'], rulesetOf(injection, device));
  }

  async revert(injection: Injection<NftDropParameters>, memory: Memory): Promise<Reverted> {
    const table = tableIn(memorySchema.parse(memory), injection);
    if (!(await table.isThere())) return { count: 'unknown' };
    await table.lapse();
    const offUs = monotonicUs();
    const effects = await this.effects(injection, memory);
    await table.remove();
    return { ...effects, offUs };
  }

  async effects(injection: Injection<NftDropParameters>, memory: Memory): Promise<Effects> {
    const reading = await tableIn(memorySchema.parse(memory), injection).reading();
    if (reading === undefined) return { count: 'unknown' };
    const counted = parseCounted(reading.text);
    const { seen, dropped } = counted;
    return {
      count: dropped,
      ...instantsOf(counted, reading.atUs),
      ...(seen === 0
        ? {}
        : { dose: { unit: 'share of packets', asked: shareOf(injection.mode), achieved: dropped / seen } }),
    };
  }

  async verify(
    injection: Injection<NftDropParameters>,
    memory: Memory,
    expected: 'applied' | 'reverted',
  ): Promise<Verification> {
    const captured = memorySchema.parse(memory);
    const { netns, device } = captured;
    const table = tableIn(captured, injection);
    const there = await table.isThere();
    const where = `in the network namespace ${netns}`;
    if (expected === 'reverted') {
      return there ? { holds: false, found: `the table ${tableOf(injection)} is ${where}` } : { holds: true };
    }
    if (!there) return { holds: false, found: `there is no table ${tableOf(injection)} ${where}` };
    if (!(await isThere(captured))) return { holds: false, found: `the interface ${device} is gone` };
    const [json, text] = [await table.json(), await table.text()];
    if (json === undefined || text === undefined) return { holds: false, found: `there is nothing ${where}` };
    const missing = missingFrom(json, text, {
      device,
      drops: shareOf(injection.mode) > 0,
      directions: directionsOf(injection.parameters).map((direction) => ({
        ...direction,
        ways: matchesOf(injection.parameters, direction.name).length,
      })),
    });
    return missing === undefined ? { holds: true } : { holds: false, found: missing };
  }

  async handles(targets: readonly Target[]): Promise<readonly string[]> {
    const handles: string[] = [];
    for (const inode of await namespacesOf(targets)) {
      const ours = (await tablesOf(inode)).filter((table) => table.startsWith(tablePrefix));
      handles.push(...ours.map((table) => `nft table netdev ${table} in the network namespace ${inode}`));
    }
    return handles;
  }
}

function tableIn({ netns }: { netns: number }, injection: Injection): PacketTable {
  return new PacketTable(netns, tableOf(injection));
}

async function needEgress(): Promise<void> {
  try {
    await run('nft', ['--check', '--file', '-'], { input: probe('egress') });
  } catch (error) {
    throw new OrdealError(
      'UNSUPPORTED',
      'this kernel has no egress hook, so what an interface sends cannot be dropped',
      {
        cause: error,
        remedy: 'Use a kernel of 5.16 or later (CONFIG_NETFILTER_EGRESS), or the direction "in".',
      },
    );
  }
}

function probe(hook: 'ingress' | 'egress'): string {
  return `table netdev ${tablePrefix}probe {\nchain probe {\ntype filter hook ${hook} device "lo" priority 0;\n}\n}\n`;
}
