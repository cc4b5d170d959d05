import type { TestEvent } from 'node:test/reporters';
import type { Told } from './kernel-tests.ts';

/** A reporter of node:test: a line for each test that has ended. Suites are not tests. */
export default async function* tell(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details.type === 'suite') continue;
    const passed = type === 'test:pass' && data.skip === undefined && data.todo === undefined;
    const told: Told = { name: data.name, passed };
    yield `${JSON.stringify(told)}\n`;
  }
}
