import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Scenario, scenario } from './support/scenario.ts';

/** A copy that takes a minute and a half, and a growing one, both running. */
function copying(): Scenario {
  const s = scenario({ bytesPerMs: 1 });
  s.source.put('clip.mxf', 90_000);
  s.source.record('cam.mxf', 1, 90_000);
  s.passUntil(
    'both are being copied',
    () => (s.newest('clip.mxf')?.copiedBytes ?? 0) > 0 && (s.newest('cam.mxf')?.copiedBytes ?? 0) > 0,
    60,
  );
  return s;
}

for (const how of ['stopped', 'suspended'] as const) {
  for (const seconds of [1, 9, 11, 60]) {
    test(`an agent that is ${how} for ${seconds} s fails no copy, whenever the pause begins`, () => {
      for (let begin = 0; begin < 6; begin += 1) {
        const s = copying();
        s.pass(begin);
        s.sim.pause(seconds * 1_000, how);
        s.passUntilCopied(300);
        assert.equal(s.story('clip.mxf'), ['COMPLETED clip.mxf']);
        assert.equal(s.story('cam.mxf'), ['COMPLETED cam.mxf']);
      }
    });
  }
}

test('an outage that begins and ends while the agent is stopped fails only what it has to, and everything is copied', () => {
  const s = copying();
  s.sim.pause(60_000, 'stopped');
  s.pass(5);
  s.destination.setWeather('down');
  s.pass(20);
  s.destination.setWeather('good');
  s.passUntilCopied(300);
  assert.is(s.views('clip.mxf')[0]?.status, 'FAILED');
  s.passInPeace();
});

for (const seconds of [9, 11, 60]) {
  test(`a journal that refuses for ${seconds} s, from the start of the agent or later, is not an outage of the destination`, () => {
    for (const isStart of [true, false]) {
      const s = copying();
      s.destination.setLatency(400);
      s.sim.journal.setTrouble('SQLITE_FULL');
      if (isStart) s.sim.crash();
      s.source.put('other.mxf', 1_000);
      s.pass(seconds);
      s.sim.journal.setTrouble(null);
      s.passUntilCopied(600);
      assert.equal(closings(s), []);
    }
  });
}

function closings({ sim }: Scenario): string[] {
  return sim.journal.records.flatMap((record) =>
    record.kind === 'gate' && record.event.kind === 'gate_closed' ? [record.event.cause] : [],
  );
}

test.run();
