import { startAgent, type AgentSettings } from '../../agent/main.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { createLog } from '../../service/log.ts';
import { shutdownOnSignals } from '../../service/shutdown.ts';

// An agent as a process of its own, which a test can kill: its settings are the argument, as JSON.
try {
  const settings = JSON.parse(process.argv[2] ?? '') as AgentSettings;
  const agent = await startAgent(settings);
  const log = createLog('agent');
  shutdownOnSignals({
    log,
    deadlineMs: 15_000,
    running: [{ name: 'agent', stop: async () => await agent.stop() }],
  });
} catch (error) {
  const { code, message } = OrdealError.from(error);
  process.stderr.write(`${code}: ${message}\n`);
  process.exit(1);
}
