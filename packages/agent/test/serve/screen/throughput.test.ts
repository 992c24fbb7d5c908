import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createThroughput } from '../../../src/serve/screen/throughput.ts';

const nothing = Array.from({ length: 60 }, () => 0);

test('throughput: sixty pieces of ten seconds, the newest up to now', () => {
  const throughput = createThroughput();
  assert.equal(throughput.figures(5_000), nothing);
  throughput.add(1_000, 500);
  throughput.add(9_999, 500);
  throughput.add(12_000, 600);
  const figures = throughput.figures(14_500);
  assert.is(figures.length, 60);
  assert.equal(figures.slice(-3), [0, 100, 150]);
  assert.equal(throughput.figures(20_000).slice(-3), [100, 60, 0]);
});

test('throughput: after ten minutes all pieces are 0, however long nobody read them', () => {
  const throughput = createThroughput();
  throughput.add(0, 1_000);
  assert.is(throughput.figures(599_999)[0], 100);
  assert.equal(throughput.figures(600_000), nothing);
  throughput.add(700_000, 10);
  assert.equal(throughput.figures(90_000_000), nothing);
  throughput.add(90_000_000, 70);
  assert.equal(throughput.figures(90_000_000).slice(-2), [0, 70]);
});

test('throughput: the average of recent bytes since copying began again', () => {
  const throughput = createThroughput();
  assert.is(throughput.recent(1_000), 0);
  throughput.add(1_000, 3_000);
  assert.is(throughput.recent(4_000), null, 'the time is too short');
  assert.is(throughput.recent(7_000), 500);
  for (let at = 7_000; at < 40_000; at += 3_000) throughput.add(at, 1_500);
  assert.ok(Math.abs((throughput.recent(40_000) ?? 0) - 500) < 80, String(throughput.recent(40_000)));
  assert.is(throughput.recent(100_000), 0);
});

test.run();
