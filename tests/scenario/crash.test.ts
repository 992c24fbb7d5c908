import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { routeSettings } from '../sim/settings.ts';
import type { Death } from '../sim/simulate.ts';
import { type Scenario, scenario } from './support/scenario.ts';

const deaths: readonly Death[] = ['before_commit', 'after_commit', 'half_done'];

/** A sequence of events in which the agent is killed at each of its commits. */
interface Life {
  readonly what: string;
  readonly begin: () => Scenario;
  readonly live: (s: Scenario) => void;
}

const stable: Life = {
  what: 'a stable copy',
  begin: () => scenario(),
  live(s) {
    s.source.put('clip.mxf', 30_000);
    s.pass(20);
  },
};

const lives: readonly Life[] = [
  stable,
  {
    what: 'a stable copy where links are refused',
    begin: () => scenario(),
    live(s) {
      s.destination.setLinks(true);
      s.source.put('clip.mxf', 30_000);
      s.pass(20);
    },
  },
  {
    what: 'a growing copy',
    begin: () => scenario(),
    live(s) {
      s.source.record('clip.mxf', 5, 12_000);
      s.pass(30);
    },
  },
  {
    what: 'a comparison',
    begin: () => scenario(),
    live(s) {
      s.source.put('clip.mxf', 30_000, 'same');
      s.witness.putForeign(s.destination, 'clip.mxf', 30_000, 'same');
      s.pass(20);
    },
  },
  {
    what: 'a recovery with a marked leftover',
    begin: () => scenario({ route: { recovery: { ...routeSettings.recovery, leftover: 'mark' } } }),
    live(s) {
      s.source.record('clip.mxf', 5, 20_000);
      s.pass(8);
      s.destination.setWeather('down');
      s.pass(15);
      s.destination.setWeather('good');
      s.pass(30);
    },
  },
  {
    what: 'an outage by silence',
    begin: () => scenario({ bytesPerMs: 2 }),
    live(s) {
      s.source.put('clip.mxf', 30_000);
      s.pass(10);
      s.destination.setWeather('silent');
      s.pass(30);
      s.destination.setWeather('good');
      s.pass(30);
    },
  },
  {
    what: 'a full destination',
    begin: () => scenario({ bytesPerMs: 2 }),
    live(s) {
      s.source.put('clip.mxf', 30_000);
      s.pass(6);
      s.destination.setCapacity(10_000);
      s.pass(20);
      s.destination.setCapacity(null);
      s.pass(60);
    },
  },
];

/** Returns the number of commits without a kill. */
function commitsOf(life: Life): number {
  const s = life.begin();
  life.live(s);
  return s.sim.commits();
}

for (const life of lives) {
  for (const death of deaths) {
    test(`killed at every commit of ${life.what} (${death.replace('_', ' ')}): the promises hold, and it is copied`, () => {
      const commits = commitsOf(life);
      assert.ok(commits >= 5, `${commits} commits`);
      for (let commit = 1; commit <= commits; commit += 1) {
        const s = life.begin();
        s.sim.dieAt(commit, death);
        life.live(s);
        s.passUntilCopied(1_200);
        assert.is(s.sim.lives(), 2, `it did not die at commit ${commit}`);
        s.passInPeace();
        assert.is(s.views('clip.mxf').filter(({ status }) => status === 'COMPLETED').length, 1, `at commit ${commit}`);
        assert.equal(s.destination.content(s.last('clip.mxf').destination), s.source.content('clip.mxf'));
      }
    });
  }
}

test('killed twice: also in the life that cleans up after the first time', () => {
  for (let first = 4; first <= commitsOf(stable); first += 2) {
    for (let second = 1; second <= 8; second += 1) {
      const s = scenario();
      s.sim.dieAt(first, 'half_done');
      s.source.put('clip.mxf', 30_000);
      s.passUntil('it died', () => s.sim.lives() === 2, 60);
      s.sim.dieAt(s.sim.commits() + second, 'after_commit');
      s.pass(30);
      s.passUntilCopied(1_200);
      s.passInPeace();
    }
  }
});

test('killed while the journal is stalled: what was not committed was not done', () => {
  const s = scenario();
  s.sim.journal.setTrouble('SQLITE_FULL');
  s.source.put('clip.mxf', 30_000);
  s.pass(60);
  assert.equal(s.names(), []);
  s.sim.crash();
  s.pass(60);
  assert.equal(s.names(), []);
  s.sim.journal.setTrouble(null);
  s.passUntilCopied(60);
  assert.equal(s.story('clip.mxf'), ['COMPLETED clip.mxf']);
});

test.run();
