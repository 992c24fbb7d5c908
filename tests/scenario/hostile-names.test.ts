import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { scenario } from './support/scenario.ts';

const hostile = [
  'line\nbreak.mxf',
  '\u001b[31mred\u001b]0;title\u0007.mxf',
  "'; DROP TABLE files; --.mxf",
  '$(reboot)`id`.mxf',
  '-rf.mxf',
  '..mxf',
  '...',
  ' leading and trailing ',
  '\u202egnp.exe',
  '\u{1f3a5}.mxf',
  'name.00000007.part.mxf',
  'clip.failed-00000007',
  'CON.mxf',
  '%s%n.mxf',
  `${'x'.repeat(251)}.mxf`,
  `${'\u{1f3a5}'.repeat(62)}.mxf`,
  'e\u0301.mxf',
  '\u00e9.mxf',
  'day "1"/\t/deep\\er/clip.mxf',
] as const;

test('unusual names: every one is copied unchanged', () => {
  const s = scenario();
  for (const name of hostile) s.source.put(name, 1_000);
  s.passUntilCopied(120);
  assert.equal(s.names(), [...hostile].sort());
  s.passInPeace();
});

test('unusual names: their recoveries fit a filesystem, stay in their folder and collide with nothing', () => {
  const s = scenario({ bytesPerMs: 2, lanes: hostile.length });
  for (const name of hostile) s.source.put(name, 50_000);
  s.passUntil('all are being carried', () => hostile.every((name) => (s.newest(name)?.percent ?? 0) > 10), 60);
  s.destination.setWeather('down');
  s.pass(30);
  for (const name of hostile) assert.is(s.last(name).hold, 'network', name);
  s.destination.setWeather('good');
  s.passUntilCopied(600);
  assert.is(new Set(hostile.map((name) => s.last(name).destination)).size, hostile.length);
  s.passInPeace();
  assert.is(s.names().length, hostile.length);
});

test('unusual names: a name in invalid UTF-8 is held for a person, reported once, and delays nothing', () => {
  const s = scenario();
  s.source.putInvalid('bad\ufffd.mxf', 1_000);
  s.source.put('good.mxf', 1_000);
  s.passUntilCopied(60);
  assert.equal(s.story('bad\ufffd.mxf'), ['READY needs_you bad\ufffd.mxf']);
  assert.is(s.last('bad\ufffd.mxf').nameValid, false);
  assert.equal(s.names(), ['good.mxf']);
  s.pass(3_600);
  assert.is(s.views('bad\ufffd.mxf').length, 1);
  assert.is(s.sim.environment().attention.length, 1);
  s.source.remove('bad\ufffd.mxf');
  s.pass(30);
  assert.is(s.last('bad\ufffd.mxf').status, 'REMOVED');
});

test.run();
