import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { GuestAgent } from './guest-agent.ts';

interface Request {
  execute: string;
  arguments: { id?: number };
}

type Answer = (request: Request, socket: Socket) => void;

/** The other end of the channel, which answers as it is told here: what a machine that is slow, or was left in the middle of a word, sends. */
async function agentThat(context: TestContext, answer: Answer): Promise<GuestAgent> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-guest-'));
  const path = join(directory, 'agent.sock');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    createInterface(socket).on('line', (line) =>
      answer(JSON.parse(line.replace(/^\ufffd/, '')) as Request, socket),
    );
  }).listen(path);
  await once(server, 'listening');
  const agent = new GuestAgent(path);
  context.after(async () => {
    agent.close();
    for (const socket of sockets) socket.destroy();
    server.close();
    await rm(directory, { recursive: true });
  });
  return agent;
}

function synchronised({ arguments: { id } }: Request, before = ''): Buffer {
  return Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(`{"return": ${id}}\n`)]);
}

test('what is left of an answer to somebody else is not taken for an answer', async (context) => {
  const agent = await agentThat(context, (request, socket) => {
    if (request.execute === 'guest-sync-delimited') {
      socket.write('{"return": 7}\n"half": 1}\n');
      socket.write(synchronised(request, '{"retu'));
    } else socket.write('{"return": "mine"}\n');
  });
  assert.equal(await agent.ask('guest-ping', {}, 60_000), 'mine');
});

test('a request that came before the agent ran is made again', async (context) => {
  let heard = 0;
  const agent = await agentThat(context, (request, socket) => {
    heard += 1;
    if (heard > 1) socket.write(heard === 2 ? synchronised(request) : '{"return": {}}\n');
  });
  assert.deepEqual(await agent.ask('guest-ping', {}, 60_000), {});
});

test('an answer that came too late is not taken for the answer to the next question', async (context) => {
  let late: (() => void) | undefined;
  const agent = await agentThat(context, (request, socket) => {
    if (request.execute === 'guest-sync-delimited') {
      late?.();
      socket.write(synchronised(request));
    } else if (request.execute === 'slow') late = () => socket.write('{"return": "of slow"}\n');
    else socket.write('{"return": "of quick"}\n');
  });
  await assert.rejects(agent.ask('slow', {}, 300), /no answer came within 0.3 s/);
  assert.equal(await agent.ask('quick', {}, 60_000), 'of quick');
});

test('an answer in pieces, with letters of more than one byte, is one answer', async (context) => {
  const answer = Buffer.from('{"return": "Überlänge"}\n');
  const agent = await agentThat(context, (request, socket) => {
    if (request.execute === 'guest-sync-delimited') socket.write(synchronised(request));
    else for (const byte of answer) socket.write(Buffer.from([byte]));
  });
  assert.equal(await agent.ask('guest-ping', {}, 60_000), 'Überlänge');
});

test("the agent's refusal is told in its own words, and the next question is answered", async (context) => {
  const agent = await agentThat(context, (request, socket) => {
    if (request.execute === 'guest-sync-delimited') socket.write(synchronised(request));
    else if (request.execute === 'no-such')
      socket.write(
        '{"error": {"class": "CommandNotFound", "desc": "The command no-such has not been found"}}\n',
      );
    else socket.write('{"return": 1}\n');
  });
  await assert.rejects(agent.ask('no-such', {}, 60_000), /no-such: The command no-such has not been found/);
  assert.equal(await agent.ask('guest-ping', {}, 60_000), 1);
});

for (const [when, answers] of [
  ['before the first answer', false],
  ['during a command', true],
] as const) {
  test(`what is asked of an agent that is closed ${when} fails, and nothing goes on`, async (context) => {
    const heard = new EventEmitter();
    const agent = await agentThat(context, (request, socket) => {
      if (answers && request.execute === 'guest-sync-delimited') socket.write(synchronised(request));
      else heard.emit('asked');
    });
    const asked = once(heard, 'asked');
    const answer = agent.ask('guest-ping', {}, 600_000);
    await Promise.race([asked, answer]);
    agent.close();
    await assert.rejects(answer, /the connection has ended/);
  });
}
