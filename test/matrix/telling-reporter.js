/** A reporter of node:test, which loads it as it is: a line for each test that has ended. Suites are not tests. */
export default async function* tell(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details.type === 'suite') continue;
    const passed = type === 'test:pass' && data.skip === undefined && data.todo === undefined;
    const { failureType } = data.details.error ?? {};
    const tried = failureType !== 'hookFailed' && failureType !== 'cancelledByParent';
    yield `${JSON.stringify({ name: data.name, passed, tried })}\n`;
  }
}
