// group: storage
import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { mountHungFolder } from './support/hung-folder.ts';
import { intakeSuite, start } from './support/intake-suite.ts';
import { routeOf } from './support/source.ts';

const test = intakeSuite('silence of a hung source');

test('runIntake: a source that does not answer is reported once, and so is the end of its silence', async (context) => {
  const hung = mountHungFolder();
  if (typeof hung === 'string') {
    process.stdout.write(`\nskipped: a source that does not answer: ${hung}\n`);
    return;
  }
  try {
    const silentAfterMs = 600;
    const intake = start(context, hung.path, { stallAfterMs: 1, probe: { ...routeOf('/').probe, deadlineMs: silentAfterMs } });
    const startedAt = performance.now();
    const listing = intake.list();
    const reported = await intake.reported('source_state', ({ state }) => state === 'silent');
    const tookMs = performance.now() - startedAt;
    assert.ok(tookMs >= silentAfterMs && tookMs < 6_000, `${tookMs} ms`);
    assert.equal([reported.code, reported.freeBytes, reported.cacheMs], ['SILENT', null, 30_000]);
    assert.match(reported.description ?? '', /hung/);
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

async function until<Found>(look: () => Found | null): Promise<Found> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; await pause(20)) {
    const found = look();
    if (found !== null) return found;
  }
  throw new Error('it did not become so');
}

test.run();
