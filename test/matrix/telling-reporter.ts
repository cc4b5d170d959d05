import { basename } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import type { Told } from './kernel-tests.ts';

/** A reporter of node:test: of each test that has ended, a line with its file and whether it passed. Suites are not tests. */
export default async function* tell(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details.type === 'suite') continue;
    const passed = type === 'test:pass' && data.skip === undefined && data.todo === undefined;
    const told: Told = { file: basename(data.file ?? data.name, '.test.ts'), name: data.name, passed };
    yield `${JSON.stringify(told)}\n`;
  }
}
