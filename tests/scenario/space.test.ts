import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { scenario } from './support/scenario.ts';

test('full: a file that does not fit waits for room, and nothing is created for it', () => {
  const s = scenario();
  s.destination.setCapacity(60_000);
  s.source.put('large.mxf', 100_000);
  s.source.put('small.mxf', 50_000);
  s.pass(60);
  assert.equal(s.story('large.mxf'), ['WAITING_FOR_SPACE space large.mxf']);
  assert.equal(s.story('small.mxf'), ['COMPLETED small.mxf']);
  assert.is(s.gate().state, 'open', 'a full destination is not an outage');
  s.destination.setCapacity(200_000);
  s.passUntilCopied(120);
  assert.equal(s.names(), ['large.mxf', 'small.mxf']);
});

test('full: a copy that reaches the end of the disk fails as destination_full, and is copied when there is room', () => {
  const s = scenario({ bytesPerMs: 5 });
  s.source.put('clip.mxf', 100_000);
  s.passUntil('it is being carried', () => (s.newest('clip.mxf')?.percent ?? 0) > 20, 60);
  s.destination.setCapacity(50_000);
  s.pass(30);
  const [failed] = s.views('clip.mxf');
  assert.equal([failed?.error?.kind, failed?.error?.code, failed?.copiedBytes], ['destination_full', 'ENOSPC', 50_000]);
  assert.match(failed?.error?.operator ?? '', /^the destination is full, at 50%; a new copy \(clip_1\.mxf\) starts when there is room$/);
  assert.equal(s.story('clip.mxf')[1], 'WAITING_FOR_SPACE space clip_1.mxf');
  assert.is(s.gate().state, 'open');
  s.pass(600);
  assert.is(s.views('clip.mxf').length, 2, 'a full disk is not tried again and again');
  s.destination.setCapacity(1_000_000);
  s.passUntilCopied(120);
  s.passInPeace();
});

test('full: the hidden leftover of a failed copy does not take the room that its recovery waits for', () => {
  const s = scenario({ bytesPerMs: 5 });
  s.source.put('clip.mxf', 100_000);
  s.passUntil('it is being carried', () => (s.newest('clip.mxf')?.percent ?? 0) > 50, 60);
  s.witness.putForeign(s.destination, 'theirs', 40_000);
  s.destination.setCapacity(120_000);
  s.passUntil('it failed', () => s.views('clip.mxf').length === 2, 60);
  s.destination.setCapacity(145_000);
  s.passUntilCopied(120);
  s.passInPeace();
});

test('full: a disk without room for an empty file is reported as full, and opens by itself', () => {
  const s = scenario();
  s.destination.setWeather('full');
  s.source.put('clip.mxf', 10_000);
  s.pass(3_600);
  assert.equal(s.story('clip.mxf'), ['WAITING_FOR_SPACE space clip.mxf']);
  assert.is(s.gate().state, 'open');
  s.destination.setWeather('good');
  s.passUntilCopied(60);
  assert.equal(s.names(), ['clip.mxf']);
});

test('full: eight recordings on a disk that fills up, and is then emptied', () => {
  const s = scenario();
  const names = Array.from({ length: 8 }, (_, index) => `camera${index}.mxf`);
  for (const name of names) s.source.record(name, 5, 120_000);
  s.destination.setCapacity(1_000_000);
  s.pass(600);
  s.destination.setCapacity(null);
  s.passUntilCopied(1_200);
  s.passInPeace();
});

test.run();
