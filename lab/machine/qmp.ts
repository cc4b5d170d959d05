import { JsonChannel } from '../../command/json-channel.ts';

/** QEMU itself answers at once, also when its machine hangs. */
const answerWithinMs = 10_000;

/** Asks one thing of QEMU's monitor. The answer may be lost where QEMU ends by it. */
export async function askQemu(socket: string, command: string): Promise<void> {
  const channel = await JsonChannel.open(socket);
  try {
    await channel.line(answerWithinMs);
    for (const execute of ['qmp_capabilities', command]) {
      channel.send({ execute });
      await channel.line(answerWithinMs);
    }
  } finally {
    channel.close();
  }
}
