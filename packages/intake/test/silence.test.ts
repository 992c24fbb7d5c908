// real: stops and continues a process, and measures for how long it listed
import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { intakeSuite, start } from './support/intake-suite.ts';
import { routeOf } from './support/source.ts';

const test = intakeSuite('silence');

test('runIntake: a listing that takes long is not silence', async (context) => {
  const { source } = context;
  source.fill(Array.from({ length: 5_000 }, (_, index) => `${index}.mov`));
  const intake = start(context, source.root, { stallAfterMs: 1, probe: { ...routeOf('/').probe, deadlineMs: 700 } });
  const { child } = intake;
  await intake.check('0.mov');
  // Each of its calls is answered soon, but it gets very little time: all of them together take longer than one may.
  const startedAt = performance.now();
  let listing: unknown = null;
  const listed = intake.list().then((reported) => (listing = reported.answer.kind));
  while (listing === null && performance.now() - startedAt < 1_600) {
    process.kill(child.pid, 'SIGSTOP');
    await pause(60);
    process.kill(child.pid, 'SIGCONT');
    await pause(3);
  }
  await listed;
  const tookMs = performance.now() - startedAt;
  assert.ok(tookMs > 1_500, `${tookMs} ms`);
  assert.equal(
    intake.messages.flatMap((message) => (message.kind === 'source_state' ? [message.state] : [])),
    ['ok'],
  );
});

test.run();
