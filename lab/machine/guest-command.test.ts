import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GuestAgent } from './guest-agent.ts';
import { runInGuest } from './guest-command.ts';

test('a program that is not there is told without what was to start it', async () => {
  const said = 'setsid: failed to execute nosuchprogram: No such file or directory\n';
  const answers: Readonly<Record<string, unknown>> = {
    'guest-exec': { pid: 7 },
    'guest-exec-status': {
      exited: true,
      exitcode: 127,
      'err-data': Buffer.from(said).toString('base64'),
    },
  };
  const agent: Pick<GuestAgent, 'ask'> = {
    ask: async (command: string) => await Promise.resolve(answers[command]),
  };
  const result = await runInGuest(agent as GuestAgent, ['nosuchprogram'], {
    timeoutMs: 1_000,
    answerMs: 1_000,
  });
  assert.deepEqual(result, {
    code: 127,
    stdout: '',
    stderr: 'failed to execute nosuchprogram: No such file or directory\n',
  });
});
