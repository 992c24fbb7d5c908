import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mountHungFolder } from './support/hung-folder.ts';
import { makeSource, routeOf, type Source } from './support/source.ts';
import { type Intake, startIntake } from './support/start-intake.ts';

const test = suite<{ source: Source; intakes: Intake[] }>('silence');

test.before.each(async (context) => {
  context.source = await makeSource();
  context.intakes = [];
});
test.after.each(async ({ source, intakes }) => {
  for (const intake of intakes) await intake.end();
  await source.remove();
});

function start({ source, intakes }: { source: Source; intakes: Intake[] }, root = source.root, more = {}): Intake {
  const intake = startIntake(routeOf(root, more));
  intakes.push(intake);
  return intake;
}

test('runIntake: a source that does not answer is told, once, and so is its end', async (context) => {
  const hung = mountHungFolder();
  if (typeof hung === 'string') {
    process.stdout.write(`skipped: a source that does not answer: ${hung}\n`);
    return;
  }
  try {
    const silentAfterMs = 600;
    const intake = start(context, hung.path, { stallAfterMs: 1, probe: { ...routeOf('/').probe, deadlineMs: silentAfterMs } });
    const startedAt = performance.now();
    const listing = intake.list();
    const told = await intake.told('source_state', ({ state }) => state === 'silent');
    const tookMs = performance.now() - startedAt;
    assert.ok(tookMs >= silentAfterMs && tookMs < 6_000, `${tookMs} ms`);
    assert.equal([told.code, told.freeBytes, told.cacheMs], ['SILENT', null, 30_000]);
    assert.match(told.description ?? '', /hung/);
    const busy = await until(() => {
      const activity = intake.child.activity();
      return activity !== null && activity.sinceMs > silentAfterMs + 1_000 ? activity : null;
    });
    assert.equal([busy.side, busy.operation], ['source', 'list_source']);
    assert.is(intake.messages.length, 1);
    hung.release();
    const { answer, states } = await listing;
    assert.equal(answer.kind === 'listing_failed' ? answer.code : answer, 'ENOTCONN');
    assert.equal(
      states.map(({ state }) => state),
      ['silent', 'unreadable'],
    );
  } finally {
    hung.remove();
  }
});

test('runIntake: a listing that takes long is no silence', async (context) => {
  const { source } = context;
  source.fill(Array.from({ length: 5_000 }, (_, index) => `${index}.mov`));
  const intake = start(context, source.root, { stallAfterMs: 1, probe: { ...routeOf('/').probe, deadlineMs: 700 } });
  const { child } = intake;
  await intake.look('0.mov');
  // Every one of its calls is answered soon, but it gets hardly any time: all of them together take longer than one may.
  const startedAt = performance.now();
  let listing: unknown = null;
  const listed = intake.list().then((told) => (listing = told.answer.kind));
  while (listing === null && performance.now() - startedAt < 6_000) {
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

async function until<Found>(look: () => Found | null): Promise<Found> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; await pause(20)) {
    const found = look();
    if (found !== null) return found;
  }
  throw new Error('it did not become so');
}

test.run();
