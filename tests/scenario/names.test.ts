import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { routeSettings } from '../sim/settings.ts';
import { type Scenario, scenario } from './support/scenario.ts';

const { recovery } = routeSettings;

test('no number: after a failure before anything was created', () => {
  const s = scenario();
  s.source.put('clip.mxf', 50_000);
  s.passUntil('its turn comes', () => s.newest('clip.mxf')?.status === 'IN_QUEUE', 20);
  s.destination.setWeather('down');
  s.pass(30);
  assert.equal([s.views('clip.mxf').length, s.last('clip.mxf').hold], [1, 'network']);
  s.destination.setWeather('good');
  s.passUntilCopied(30);
  assert.equal(s.names(), ['clip.mxf']);
});

test('no number: after repeated failures to open the source', () => {
  const s = scenario();
  s.source.put('clip.mxf', 50_000);
  s.source.refuse('clip.mxf', 'EACCES');
  s.pass(120);
  assert.is(s.views('clip.mxf')[0]?.error?.kind, 'source_unreadable');
  s.source.refuse('clip.mxf', null);
  s.passUntilCopied(700);
  assert.equal(s.names(), ['clip.mxf']);
});

test('no number: after its writer denied reading for a while', () => {
  const s = scenario();
  s.source.put('clip.mxf', 50_000);
  s.source.refuse('clip.mxf', 'EBUSY');
  s.pass(60);
  assert.equal(s.views('clip.mxf').length, 1, 'a file that its writer holds does not count as an attempt');
  s.source.refuse('clip.mxf', null);
  s.passUntilCopied(60);
  assert.equal(s.story('clip.mxf'), ['COMPLETED clip.mxf']);
});

test('no number: a second run finds everything copied, and copies nothing', () => {
  const s = scenario();
  s.source.put('a.mxf', 50_000);
  s.source.put('b.mov', 50_000);
  s.passUntilCopied(60);
  s.sim.crash();
  s.passInPeace();
  assert.equal([s.story('a.mxf'), s.story('b.mov')], [['COMPLETED a.mxf'], ['COMPLETED b.mov']]);
  assert.equal(s.names(), ['a.mxf', 'b.mov']);
});

test('no number: two recordings grow next to each other', () => {
  const s = scenario();
  s.source.record('a.mxf', 4, 40_000);
  s.pass(3);
  s.source.record('b.mxf', 6, 40_000);
  s.pass(10);
  assert.equal([s.last('a.mxf').status, s.last('b.mxf').status], ['GROWING_COPY', 'GROWING_COPY']);
  s.passUntilCopied(120);
  assert.equal(s.names(), ['a.mxf', 'b.mxf']);
});

test('no number: the agent is restarted while nothing is being copied', () => {
  const s = scenario();
  s.destination.setWeather('down');
  s.source.put('clip.mxf', 50_000);
  for (let start = 0; start < 5; start += 1) {
    s.pass(7);
    s.sim.crash();
  }
  s.destination.setWeather('good');
  s.passUntilCopied(60);
  assert.equal(s.story('clip.mxf'), ['COMPLETED clip.mxf']);
});

test('no number: the destination has the same bytes already', () => {
  const s = scenario();
  s.source.put('clip.mxf', 50_000, 'the very bytes');
  s.witness.putForeign(s.destination, 'clip.mxf', 50_000, 'the very bytes');
  s.passUntilCopied(60);
  assert.is(s.last('clip.mxf').copied, false);
  assert.equal(s.names(), ['clip.mxf']);
  s.passInPeace();
});

test('no number: a file that was copied, removed and brought back is not copied again, whatever its name', () => {
  const s = scenario({ bytesPerMs: 5 });
  s.source.put('plain.mxf', 20_000, 'plain');
  s.source.put('clip.mxf', 100_000, 'clip');
  failHalfWay(s);
  s.destination.setWeather('good');
  s.passUntilCopied(60);
  for (const name of ['plain.mxf', 'clip.mxf']) s.source.remove(name);
  s.pass(60);
  s.source.put('plain.mxf', 20_000, 'plain');
  s.source.put('clip.mxf', 100_000, 'clip');
  s.passUntilCopied(60);
  assert.equal(s.names(), ['clip_1.mxf', 'plain.mxf']);
  s.passInPeace();
});

for (const begin of ['at rest', 'growing'] as const) {
  test(`no number: after the loss of the journal nothing is copied twice (${begin} when it was copied)`, () => {
    const s = scenario();
    if (begin === 'at rest') s.source.put('day1/clip.mxf', 50_000);
    else s.source.record('day1/clip.mxf', 5, 30_000);
    s.pass(40);
    s.passUntilCopied(60);
    s.sim.loseJournal();
    s.passUntil('it is found again', () => s.newest('day1/clip.mxf') !== null, 10);
    s.passUntilCopied(60);
    assert.equal(s.story('day1/clip.mxf'), ['COMPLETED day1/clip.mxf']);
    assert.is(s.last('day1/clip.mxf').copied, false);
    assert.equal(s.names(), ['day1/clip.mxf']);
  });
}

test('a number with a reason: another file has the name', () => {
  const s = scenario();
  s.witness.putForeign(s.destination, 'clip.mxf', 50_000);
  s.witness.putForeign(s.destination, 'clip_1.mxf', 7);
  s.source.put('clip.mxf', 50_000);
  s.passUntilCopied(60);
  assert.is(s.last('clip.mxf').nameReason, 'name_taken');
  assert.is(s.last('clip.mxf').recoveryOf, null);
  assert.equal(s.names(), ['clip.mxf', 'clip_1.mxf', 'clip_2.mxf']);
  assert.is(s.destination.foreign().length, 2);
});

test('a number with a reason: an earlier, different file of the same path was copied', () => {
  const s = scenario();
  s.source.put('clip.mxf', 50_000);
  s.passUntilCopied(60);
  s.source.put('clip.mxf', 60_000);
  s.passUntilCopied(60);
  assert.equal(s.story('clip.mxf'), ['COMPLETED clip.mxf', 'COMPLETED clip_1.mxf']);
  assert.is(s.last('clip.mxf').nameReason, 'name_taken');
});

/** Makes a copy fail in an outage, half-way. */
function failHalfWay(s: Scenario): void {
  s.passUntil('half of it is there', () => (s.newest('clip.mxf')?.percent ?? 0) > 40, 60);
  s.destination.setWeather('down');
  s.pass(5);
}

test("the recorder's own clip_1 keeps its name next to the recovery of clip", () => {
  const s = scenario({ bytesPerMs: 5 });
  s.source.put('clip.mxf', 100_000);
  failHalfWay(s);
  assert.is(s.last('clip.mxf').destination, 'clip_1.mxf');
  s.source.put('clip_1.mxf', 20_000);
  s.pass(5);
  assert.is(s.last('clip.mxf').destination, 'clip_2.mxf');
  s.destination.setWeather('good');
  s.passUntilCopied(60);
  assert.is(s.last('clip_1.mxf').destination, 'clip_1.mxf');
  assert.equal(s.names(), ['clip_1.mxf', 'clip_2.mxf']);
});

test("the recorder's own clip_1 that existed before: the recovery of clip avoids its name from the beginning", () => {
  const s = scenario({ bytesPerMs: 5 });
  s.source.put('clip_1.mxf', 20_000);
  s.source.put('clip.mxf', 100_000);
  failHalfWay(s);
  assert.is(s.last('clip.mxf').destination, 'clip_2.mxf');
});

test('recovery.rename = when_taken: a stable copy keeps its name, because no visible file has it', () => {
  const s = scenario({ bytesPerMs: 5, route: { recovery: { ...recovery, rename: 'when_taken' } } });
  s.source.put('clip.mxf', 100_000);
  failHalfWay(s);
  assert.equal(s.story('clip.mxf'), ['FAILED network_interruption clip.mxf', 'READY network clip.mxf']);
  assert.is(s.last('clip.mxf').recoveryOf, s.views('clip.mxf')[0]?.id);
  s.destination.setWeather('good');
  s.passUntilCopied(60);
  assert.equal(s.names(), ['clip.mxf']);
  s.passInPeace();
});

test('recovery.rename = when_taken: the visible leftover of a growing copy has the name', () => {
  const s = scenario({ route: { recovery: { ...recovery, rename: 'when_taken' } } });
  s.source.record('clip.mxf', 5, 60_000);
  failHalfWay(s);
  s.destination.setWeather('good');
  s.passUntilCopied(120);
  assert.equal(s.story('clip.mxf'), ['FAILED network_interruption clip.mxf', 'COMPLETED clip_1.mxf']);
  assert.equal(s.names(), ['clip.mxf', 'clip_1.mxf']);
});

test('recovery.leftover = mark: the leftover of a growing copy is marked in its name', () => {
  const s = scenario({ route: { recovery: { ...recovery, leftover: 'mark' } } });
  s.source.record('clip.mxf', 5, 60_000);
  failHalfWay(s);
  const [failed] = s.views('clip.mxf');
  assert.equal(s.names(), ['clip.mxf']);
  s.destination.setWeather('good');
  s.passUntilCopied(120);
  assert.equal(s.names(), [`clip.mxf.failed-${failed?.id.slice(0, 8)}`, 'clip_1.mxf']);
  s.passInPeace();
});

test('recovery.leftover = keep: the leftover of a growing copy stays unchanged', () => {
  const s = scenario();
  s.source.record('clip.mxf', 5, 60_000);
  failHalfWay(s);
  const left = s.destination.content('clip.mxf');
  s.destination.setWeather('good');
  s.passUntilCopied(120);
  s.passInPeace();
  assert.equal(s.destination.content('clip.mxf'), left);
});

test('recovery.max_visible: after this many visible leftovers of one file its copies are hidden', () => {
  const s = scenario({ route: { recovery: { ...recovery, maxVisible: 2 } } });
  s.source.record('clip.mxf', 5, 600_000);
  for (let outage = 0; outage < 5; outage += 1) {
    s.passUntil('it is being carried', () => (s.newest('clip.mxf')?.copiedBytes ?? 0) > 1_000, 60);
    s.destination.setWeather('down');
    s.pass(90);
    s.destination.setWeather('good');
  }
  s.passUntilCopied(700);
  const visible = s.names().filter((name) => !name.startsWith('.'));
  assert.is(visible.length, 3, visible.join(' '));
  s.passInPeace();
});

test.run();
