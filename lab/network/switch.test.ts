import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Switch } from './switch.ts';

const broadcast = 'ff:ff:ff:ff:ff:ff';
const groupOfSome = '01:00:5e:00:00:01';

function frame(from: string, to: string): Buffer {
  const bytes = (address: string): number[] => address.split(':').map((part) => parseInt(part, 16));
  return Buffer.from([0, 0, 0, 14, ...bytes(to), ...bytes(from), 8, 0]);
}

/** A switch with three ports, a clock that is moved by hand, and what each port was sent since the last look. */
class Bench {
  nowMs = 0;
  readonly ethernet = new Switch(() => this.nowMs);
  readonly ports = ['a', 'b', 'c'].map((name) => ({ name, send: () => void this.#heard.push(name) }));
  #heard: string[] = [];

  constructor() {
    for (const port of this.ports) this.ethernet.attach(port);
  }

  /** Who gets a frame that port `at` sends. */
  reached(at: string, from: string, to: string): string[] {
    this.#heard = [];
    this.ethernet.receive(frame(from, to), this.port(at));
    return this.#heard;
  }

  port(name: string) {
    const port = this.ports.find((one) => one.name === name);
    assert.ok(port !== undefined);
    return port;
  }
}

const [ofA, ofB] = ['52:54:00:44:00:01', '52:54:00:44:00:02'];

test('a frame to an address that was never heard goes everywhere but back', () => {
  assert.deepEqual(new Bench().reached('a', ofA, ofB), ['b', 'c']);
});

test('a frame to an address that was heard goes there only', () => {
  const bench = new Bench();
  bench.reached('b', ofB, broadcast);
  assert.deepEqual(bench.reached('a', ofA, ofB), ['b']);
});

test('a frame to an address on its own port goes nowhere', () => {
  const bench = new Bench();
  bench.reached('a', ofA, broadcast);
  assert.deepEqual(bench.reached('a', ofB, ofA), []);
});

for (const group of [broadcast, groupOfSome]) {
  test(`a frame to ${group} goes everywhere but back, also after one that claimed to come from it`, () => {
    const bench = new Bench();
    bench.reached('b', group, ofA);
    assert.deepEqual(bench.reached('a', ofA, group), ['b', 'c']);
  });
}

test('an address that moves is followed', () => {
  const bench = new Bench();
  bench.reached('b', ofB, broadcast);
  bench.reached('c', ofB, broadcast);
  assert.deepEqual(bench.reached('a', ofA, ofB), ['c']);
});

test('an address that was silent for more than five minutes is forgotten', () => {
  const bench = new Bench();
  bench.reached('b', ofB, broadcast);
  bench.nowMs = 300_000;
  assert.deepEqual(bench.reached('a', ofA, ofB), ['b']);
  bench.nowMs = 300_001;
  assert.deepEqual(bench.reached('a', ofA, ofB), ['b', 'c']);
});

test('a port that has left is sent nothing, and its addresses are looked for anew', () => {
  const bench = new Bench();
  bench.reached('b', ofB, broadcast);
  bench.ethernet.detach(bench.port('b'));
  assert.deepEqual(bench.reached('a', ofA, ofB), ['c']);
});

test('more addresses than a lab has push out those that were silent for longest, and no others', () => {
  const bench = new Bench();
  bench.reached('b', ofB, broadcast);
  for (let i = 0; i < 4095; i++) {
    const made = `02:00:00:00:${(i >> 8).toString(16)}:${(i & 255).toString(16)}`;
    bench.reached('c', made, broadcast);
  }
  assert.deepEqual(bench.reached('a', '02:00:00:00:00:00', ofB), ['b']);
  bench.reached('c', '06:00:00:00:00:01', broadcast);
  assert.deepEqual(bench.reached('a', '02:00:00:00:00:01', ofB), ['b', 'c']);
});
