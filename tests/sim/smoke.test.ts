import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { simulate, story } from './simulate.ts';

test('simulate: a stable file is copied', () => {
  const sim = simulate();
  sim.source.put('a.mxf', 50_000);
  assert.ok(sim.runUntilCopied(60_000));
  assert.equal(story(sim, 'a.mxf'), ['COMPLETED a.mxf']);
  assert.equal(sim.destination.names(), ['a.mxf']);
});

test('simulate: a file whose copy fails in an outage is discovered again and copied as _1', () => {
  const sim = simulate();
  sim.source.put('a.mxf', 100_000);
  sim.run(6_000);
  sim.destination.setWeather('down');
  sim.run(60_000);
  assert.equal(story(sim, 'a.mxf'), ['FAILED a.mxf', 'READY a_1.mxf']);
  sim.destination.setWeather('good');
  assert.ok(sim.runUntilCopied(30_000));
  assert.equal(story(sim, 'a.mxf'), ['FAILED a.mxf', 'COMPLETED a_1.mxf']);
  assert.equal(sim.destination.names(), ['a_1.mxf']);
});

test.run();
