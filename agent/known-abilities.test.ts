import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noopInjector } from '../injectors/noop/injector.ts';
import { KnownAbilities } from './known-abilities.ts';
import { LiveInjections } from './live-injections.ts';

const target = { kind: 'host', host: 'h', bootId: 'b' } as const;
const refusal = { supported: false, reason: 'only one processor is on', remedy: 'Add one.' } as const;

/** A host on which a mechanism works until a fault is there, and which tells when it is asked. */
class Host {
  readonly live = new LiveInjections();
  readonly known: KnownAbilities;
  /** What happens while the mechanisms are asked. */
  meanwhile: () => void = () => undefined;
  isWhole = true;

  constructor() {
    const supported = async () => {
      const answer = this.isWhole ? ({ supported: true } as const) : refusal;
      this.meanwhile();
      return await Promise.resolve(answer);
    };
    this.known = new KnownAbilities(new Map([['cpu-off', { ...noopInjector, supported }]]), this.live);
  }

  begin(id: string): void {
    this.live.add(id, 'cpu-off', target, {});
    this.isWhole = false;
  }

  end(id: string): void {
    this.live.remove(id);
    this.isWhole = true;
  }

  get works(): boolean | undefined {
    return this.known.all[0]?.supported;
  }
}

async function hostThatWorks(): Promise<Host> {
  const host = new Host();
  await host.known.ask();
  return host;
}

test('what a fault takes away is not taken for what the host lacks', async () => {
  const host = await hostThatWorks();
  host.begin('i-1');
  await host.known.askAgain();
  assert.equal(host.works, true);
});

test('what is lacking when no fault is there is known', async () => {
  const host = await hostThatWorks();
  host.isWhole = false;
  await host.known.askAgain();
  assert.equal(host.works, false);
});

test('an answer that a fault may have changed, which came and went meanwhile, is not believed', async () => {
  const host = await hostThatWorks();
  host.isWhole = false;
  host.meanwhile = () => {
    host.begin('i-1');
    host.end('i-1');
  };
  await host.known.askAgain();
  assert.equal(host.works, true);
});

test('an answer amid which a fault begins is not believed', async () => {
  const host = await hostThatWorks();
  host.isWhole = false;
  host.meanwhile = () => host.begin('i-1');
  await host.known.askAgain();
  assert.equal(host.works, true);
});

test('what is lacking after a fault is known when the fault is over', async () => {
  const host = await hostThatWorks();
  host.begin('i-1');
  await host.known.askAgain();
  host.end('i-1');
  host.isWhole = false;
  await host.known.askAgain();
  assert.equal(host.works, false);
});

test('what has come to work amid a fault is known amid it', async () => {
  const host = new Host();
  host.begin('i-1');
  await host.known.ask();
  host.isWhole = true;
  await host.known.askAgain();
  assert.equal(host.works, true);
});

test('the first time they are asked whatever is there', async () => {
  const host = new Host();
  host.begin('i-1');
  await host.known.ask();
  assert.equal(host.works, false);
});
