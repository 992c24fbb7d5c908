import type { FileEvent } from '@sluice/core';
import { routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Scenario, scenario } from './support/scenario.ts';

const longName = `${'é'.repeat(120)}.mxf`;

/** The rename of a removal hangs. Another process removes the file, a new one gets its name, and then the rename is carried out. */
function renamedLate(name: string, restarts: boolean): Scenario {
  const s = scenario({ route: { afterCopy: 'delete', afterCopyProof: 'weak', afterCopyWaitMs: 0 } });
  s.source.put(name, 20_000);
  s.source.hangNext('rename');
  s.passUntil('the file is removed', () => s.source.paths().length === 0, 120);
  if (restarts) s.sim.crash();
  s.source.put(name, 30_000);
  s.source.letGo();
  return s;
}

const happened = ({ sim }: Scenario, kind: FileEvent['kind']): number =>
  sim.journal.records.filter((record) => record.kind === 'file_fact' && record.event.kind === kind).length;

for (const name of ['clip.mxf', longName])
  for (const restarts of [false, true]) {
    test(`a rename that comes late${restarts ? ', after a restart,' : ''} hides a new file: it gets its name back and is copied (${name.length} characters)`, () => {
      const s = renamedLate(name, restarts);
      // Both files are hidden: the late rename has not replaced the one that is being removed.
      assert.equal([s.source.paths().length, s.source.asides().length], [0, 2]);
      s.passUntil('the new file is copied and removed', () => s.story(name).length === 2 && s.last(name).status === 'COMPLETED', 300);
      s.pass(60);
      assert.equal([s.source.paths(), s.source.asides()], [[], []]);
      assert.is(s.destination.content(s.last(name).destination)?.sizeBytes, 30_000);
      s.passInPeace();
    });
  }

test('a rename that comes late: where another file has the name again, a person is called, and both files stay', () => {
  const s = renamedLate('clip.mxf', false);
  s.sim.reload(
    s.sim.fakeRoutes.map(({ route }) => route),
    { afterCopy: 'keep' },
  );
  s.source.put('clip.mxf', 40_000);
  s.pass(300);
  assert.equal([s.source.paths(), s.source.asides().length], [['clip.mxf'], 1]);
  assert.ok(s.sim.environment().attention.some(({ kind }) => kind === 'removal_failing'));
});

test('links that come late give a file two more names: it is removed, gets its name back from each of them, and stays known', () => {
  const s = scenario({ route: { afterCopy: 'delete', afterCopyProof: 'weak', afterCopyWaitMs: 0 } });
  s.source.put('clip.mxf', 20_000);
  for (const times of [1, 2]) {
    s.source.hangNext('link');
    s.passUntil('the link is given up', () => happened(s, 'source_restored') === times, 600);
  }
  s.source.letGo();
  s.passUntil('the file is removed', () => s.source.paths().length === 0, 600);
  s.passUntil('its names are given back', () => s.source.asides().length === 0, 600);
  s.passInPeace();
  assert.equal([s.source.paths(), s.names()], [['clip.mxf'], ['clip.mxf']]);
});

test('a late link gives a file its name back after a newer one was removed: it stays known when only the journal keeps it', () => {
  let sees = false;
  const s = scenario({
    untilIdle: false,
    route: { afterCopy: 'delete', afterCopyProof: 'weak', afterCopyWaitMs: 0 },
    // Full listings are rare at a large source: none has the hidden name before the newer file is removed.
    alter: (event) => (event.kind === 'listing_completed' && !sees ? [{ ...event, aside: [] }] : [event]),
  });
  s.source.put('clip.mxf', 20_000);
  s.source.hangNext('link');
  s.passUntil('the link is given up', () => happened(s, 'source_restored') === 1, 600);
  s.source.letGo();
  s.passUntil('it is removed', () => s.source.paths().length === 0 && s.source.asides().length === 1, 600);
  s.source.put('clip.mxf', 30_000);
  s.passUntil('the newer one is removed', () => s.story('clip.mxf').length === 2 && s.source.paths().length === 0, 600);
  sees = true;
  s.passUntil('it has its name back', () => s.source.paths().length === 1 && s.source.asides().length === 0, 600);
  s.passUntil('its bytes are compared', () => happened(s, 'same_bytes') > 0, 600);
  s.passInPeace();
});

for (const [what, pauses] of [
  ['the route is held', (s: Scenario): void => s.sim.ask({ do: 'hold', route: routeName('sim'), until: null })],
  ['its destination is offline', (s: Scenario): void => s.destination.setWeather('down')],
] as const)
  test(`a rename that comes late while ${what}: what it has hidden is named`, () => {
    const s = scenario({ untilIdle: false, route: { afterCopy: 'delete', afterCopyProof: 'weak', afterCopyWaitMs: 0 } });
    s.source.put('clip.mxf', 20_000);
    s.source.hangNext('rename');
    s.passUntil('the file is hidden again', () => s.source.paths().length === 0, 120);
    s.source.put('clip.mxf', 30_000);
    s.source.letGo();
    pauses(s);
    s.passUntil('the first file has its name back', () => s.source.paths().length === 1, 60);
    const removals = s.sim.loop().state.routes.get(routeName('sim'))?.removals;
    s.passUntil('the other is named', () => removals?.unknown.join() === s.source.asides().join(), 120);
    s.sim.ask({ do: 'release', route: routeName('sim') });
    s.destination.setWeather('good');
    s.passUntil('both are copied and removed', () => s.story('clip.mxf').length === 2 && s.source.asides().length === 0, 600);
    s.pass(60);
    assert.equal([removals?.unknown, s.source.paths()], [[], []]);
  });

test('a file that is touched while its rename hangs is not copied a second time, and is removed', () => {
  const s = scenario({ route: { afterCopy: 'delete', afterCopyProof: 'weak', afterCopyWaitMs: 0 } });
  s.witness.putForeign(s.destination, 'clip.mxf', 7);
  s.source.put('clip.mxf', 20_000);
  s.source.hangNext('rename');
  s.passUntil('its removal begins', () => s.newest('clip.mxf')?.status === 'COMPLETED', 60);
  s.pass(1);
  s.source.touch('clip.mxf');
  s.pass(10);
  s.source.letGo();
  s.passUntil('the file is removed', () => s.source.paths().length + s.source.asides().length === 0, 600);
  s.passInPeace();
  assert.equal(s.names(), ['clip.mxf', 'clip_1.mxf']);
});

test.run();
