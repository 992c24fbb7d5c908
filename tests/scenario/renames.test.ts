import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Scenario, scenario } from './support/scenario.ts';

/** A clip is copied and renamed, and copied according to the setting. `prepare` may break a promise at the destination. */
function renamed(onRename: 'copy' | 'link', prepare: (s: Scenario) => void = () => {}): Scenario {
  const s = scenario({ route: { onRename } });
  s.source.put('day1/clip.mxf', 30_000);
  s.passUntilCopied(60);
  prepare(s);
  s.source.rename('day1/clip.mxf', 'day1/take.mxf');
  assert.ok(s.sim.runUntilCopied(120_000), 'it is copied');
  return s;
}

const inode = (s: Scenario, name: string): string | null => s.destination.inode(name);

test('on_rename = copy: a renamed file is reported by name and copied again', () => {
  const s = renamed('copy');
  s.passInPeace();
  assert.is(s.last('day1/take.mxf').renamedFrom, 'day1/clip.mxf');
  assert.is(s.last('day1/clip.mxf').renamedTo, 'day1/take.mxf');
  assert.equal(s.names(), ['day1/clip.mxf', 'day1/take.mxf']);
  assert.is.not(inode(s, 'day1/clip.mxf'), inode(s, 'day1/take.mxf'));
});

test('on_rename = link: its copy gets the new name too', () => {
  const s = renamed('link');
  s.passInPeace();
  assert.equal(s.names(), ['day1/clip.mxf', 'day1/take.mxf']);
  assert.is(inode(s, 'day1/clip.mxf'), inode(s, 'day1/take.mxf'));
  assert.equal([s.last('day1/take.mxf').copied, s.last('day1/take.mxf').renamedFrom], [false, 'day1/clip.mxf']);
});

for (const [what, prepare] of [
  ['has no links', (s: Scenario) => s.destination.setLinks(true)],
  ['has lost the first copy', (s: Scenario) => s.destination.takeAway('day1/clip.mxf')],
  [
    'has other bytes under the first name',
    (s: Scenario) => {
      s.destination.takeAway('day1/clip.mxf');
      s.witness.putForeign(s.destination, 'day1/clip.mxf', 30_000);
    },
  ],
] as const) {
  test(`on_rename = link: if the destination ${what}, the file is copied`, () => {
    const s = renamed('link', prepare);
    s.sim.run(60_000);
    assert.is.not(inode(s, 'day1/clip.mxf'), inode(s, 'day1/take.mxf'));
    assert.equal([s.last('day1/take.mxf').status, s.last('day1/take.mxf').copied], ['COMPLETED', true]);
  });
}

test('on_rename = link: after an outage or a crash in the middle there is one copy with the new name', () => {
  for (const trouble of ['crash', 'down'] as const) {
    const s = scenario({ route: { onRename: 'link' } });
    s.source.put('clip.mxf', 30_000);
    s.passUntilCopied(60);
    s.destination.setLatency(400);
    s.source.rename('clip.mxf', 'take.mxf');
    s.passUntil('it is compared', () => s.newest('take.mxf')?.status === 'COPYING', 120);
    if (trouble === 'crash') s.sim.crash();
    else s.destination.setWeather('down');
    s.pass(30);
    s.destination.setWeather('good');
    s.passUntilCopied(120);
    s.passInPeace();
    assert.equal(s.names(), ['clip.mxf', 'take.mxf'], trouble);
  }
});

test('a file that is renamed while no agent runs, and one that waits', () => {
  const s = scenario({ route: { onRename: 'link' } });
  s.source.put('clip.mxf', 30_000);
  s.passUntilCopied(60);
  s.destination.setWeather('down');
  s.source.put('next.mxf', 20_000);
  s.passUntil('it waits', () => s.newest('next.mxf')?.hold === 'network', 60);
  s.source.rename('clip.mxf', 'take.mxf');
  s.source.rename('next.mxf', 'other.mxf');
  s.sim.crashFor(30_000);
  s.pass(60);
  s.destination.setWeather('good');
  s.passUntilCopied(120);
  s.passInPeace();
  assert.equal(s.names(), ['clip.mxf', 'other.mxf', 'take.mxf']);
  assert.is(s.last('take.mxf').renamedFrom, 'clip.mxf');
  assert.is(s.last('next.mxf').status, 'REMOVED');
});

test.run();
