import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Scenario, scenario } from './support/scenario.ts';

const files = ['a.mxf', 'day1/b.mov', 'day1/c.wav'] as const;

/** Starts the agent while its destination is offline. */
function startOffline(weather: 'down' | 'silent' | 'wrong_disk'): Scenario {
  const s = scenario();
  s.destination.setWeather(weather);
  for (const file of files) s.source.put(file, 50_000);
  return s;
}

for (const weather of ['down', 'silent', 'wrong_disk'] as const) {
  test(`offline start (${weather}): within a second everything is found and shown, and a few seconds later it waits for the network`, () => {
    const s = startOffline(weather);
    s.pass(1);
    for (const file of files) assert.equal(s.story(file), [`DISCOVERED ${file}`]);
    s.pass(4);
    for (const file of files) assert.equal(s.story(file), [`READY network ${file}`]);
    assert.is(s.gate().state, 'closed');
  });

  test(`offline start (${weather}): nothing fails, and no name gets a number when the destination comes online`, () => {
    const s = startOffline(weather);
    s.pass(600);
    s.destination.setWeather('good');
    s.passUntilCopied(60);
    for (const file of files) assert.equal(s.story(file), [`COMPLETED ${file}`]);
    assert.equal(s.names(), [...files]);
    s.passInPeace();
  });
}

test('offline start: a growing recording waits as such, and is copied while it grows', () => {
  const s = startOffline('down');
  s.source.record('live.mxf', 5, 300_000);
  s.pass(30);
  assert.is(s.last('live.mxf').status, 'READY');
  assert.is(s.last('live.mxf').growing, true);
  s.destination.setWeather('good');
  s.pass(10);
  assert.is(s.last('live.mxf').status, 'GROWING_COPY');
  s.passUntilCopied(400);
  assert.equal(s.story('live.mxf'), ['COMPLETED live.mxf']);
});

test.run();
