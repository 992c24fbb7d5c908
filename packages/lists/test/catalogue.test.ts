import { env } from 'node:process';
import { nameOrder, statuses } from '@sluice/core/model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ListRules } from '../src/file-list.ts';
import { type Listed } from '../src/rows/listed.ts';
import { screenTabs } from '../src/rows/rows.ts';
import { screenSorts } from '../src/rows/sorting.ts';
import { archive, idOf, ingest, listed, makeCatalogue, since, type TestCatalogue } from './test-catalogue.ts';

/** As for the simulator: `SLUICE_SEEDS=2000` runs many seeds, `SLUICE_SEED=11` sets the first one. */
const firstSeed = Number(env['SLUICE_SEED'] ?? 1);
const seeds = Array.from({ length: Number(env['SLUICE_SEEDS'] ?? 5) }, (_, index) => firstSeed + index);
const runs = 200;
const files = 24;

const ended = new Set<Listed['status']>(['COMPLETED', 'COMPLETED_DELETE_FAILED', 'FAILED', 'REMOVED']);
const active = new Set<Listed['status']>(['COPYING', 'GROWING', 'GROWING_COPY', 'VERIFYING']);

/** Any file. Some are attempts for one source, linked one after the other: `n` recovers `n - 8`. */
const anyFile = fc
  .record({
    number: fc.integer({ min: 1, max: files }),
    status: fc.constantFrom(...statuses),
    hold: fc.constantFrom(null, 'gate', 'network', 'backoff', 'operator', 'needs_you', 'publish'),
    route: fc.constantFrom(ingest, archive),
    source: fc.constantFrom('a.mxf', 'B.mxf', 'c.mxf', 'c1.mxf'),
    sizeBytes: fc.integer({ min: 0, max: 3 }),
    at: fc.integer({ min: -2, max: 6 }),
    recovers: fc.boolean(),
    isRecovered: fc.boolean(),
    isHeld: fc.boolean(),
    turn: fc.constantFrom(null, null, 1, 2),
    isWritten: fc.boolean(),
  })
  .map(({ number, status, hold, at, recovers, isRecovered, ...rest }): Listed => {
    const over = {
      ...rest,
      isWritten: rest.isWritten && status === 'READY',
      hold: ended.has(status) ? null : (hold as Listed['hold']),
      discoveredAt: since + at,
      endedAt: ended.has(status) ? since + at : null,
      recoveryOf: recovers && number > 8 ? idOf(number - 8) : null,
      recoveredBy: status === 'FAILED' && isRecovered ? idOf(number + 8) : null,
    };
    return listed(number, status, over);
  });

type Change = { readonly put: Listed } | { readonly drop: number };
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  { weight: 5, arbitrary: anyFile.map((put) => ({ put })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: files }).map((drop) => ({ drop })) },
);
const anyRules: fc.Arbitrary<ListRules> = fc.record({
  tab: fc.constantFrom(...screenTabs),
  sort: fc.constantFrom(...screenSorts),
  isReversed: fc.boolean(),
  hideRecovered: fc.boolean(),
  filter: fc.constantFrom('', 'c', 'state:ready', 'state:failed', 'route:ing', 'hold:network', 'hold:operator', 'c state:co'),
});

/** The expected rows of a list, computed plainly: choose, sort everything, and lay out. */
function reference(all: readonly Listed[], rules: ListRules): string[] {
  const byId = new Map(all.map((file) => [file.id, file]));
  const inTab = (file: Listed): boolean => {
    if (rules.tab === 'all') return true;
    if (rules.tab === 'done') return ended.has(file.status);
    if (rules.tab === 'needs_you') return file.hold === 'needs_you';
    if (file.hold === 'needs_you') return false;
    const isActive = active.has(file.status) || file.isWritten;
    return rules.tab === 'active' ? isActive : !isActive && !ended.has(file.status);
  };
  const matches = (file: Pick<Listed, 'status' | 'route' | 'source' | 'hold'>): boolean => {
    if (rules.filter === 'c') return file.source.includes('c');
    if (rules.filter === 'c state:co') return file.source.includes('c') && (file.status.startsWith('CO') || file.status === 'GROWING_COPY');
    if (rules.filter === 'state:ready') return file.status === 'READY';
    if (rules.filter === 'state:failed') return file.status === 'FAILED';
    if (rules.filter === 'route:ing') return file.route === 'ingest';
    if (rules.filter === 'hold:network')
      return (
        file.hold === 'network' || (file.route === 'ingest' && file.hold === 'publish') || (file.route === 'ingest' && file.hold === 'gate')
      );
    if (rules.filter === 'hold:operator') return file.hold === 'operator' || (file.route === 'archive' && file.hold === 'gate');
    return true;
  };
  const isRecovered = (file: Listed): boolean => file.status === 'FAILED' && file.recoveredBy !== null;
  const isShownAbove = (file: Listed): boolean => {
    const recovery = file.recoveredBy === null ? undefined : byId.get(file.recoveredBy);
    const isLinked = recovery?.recoveryOf === file.id && recovery.recoveredBy === null;
    return isLinked && inTab(recovery) && (recovery.endedAt ?? since) >= since;
  };
  const rank = (file: Listed): number => {
    if (file.hold === 'needs_you') return 0;
    if (file.hold === 'operator') return 8;
    if (file.status === 'FAILED' && file.recoveredBy === null && file.isHeld) return 1;
    if (ended.has(file.status)) return 9;
    if (file.status === 'GROWING_COPY' || file.isWritten) return 2;
    if (file.status === 'COPYING' || file.status === 'VERIFYING') return 3;
    if (file.turn !== null) return 4;
    if (file.status === 'IN_QUEUE') return 5;
    return ['DISCOVERED', 'GROWING'].includes(file.status) ? 7 : 6;
  };
  const newest = (file: Listed): number => -(file.endedAt ?? file.discoveredAt);
  const turn = (file: Listed): number => {
    if ([1, 9].includes(rank(file))) return newest(file);
    if (rank(file) === 4) return file.turn ?? 0;
    return [5, 6].includes(rank(file)) ? file.discoveredAt : 0;
  };
  const name = (file: Listed): readonly string[] => [nameOrder(file.source), file.id];
  const keys: Readonly<Record<ListRules['sort'], (file: Listed) => readonly (number | string)[]>> = {
    attention: (file) => [rank(file), turn(file), ...name(file)],
    name,
    size: (file) => [-file.sizeBytes, ...name(file)],
    state: (file) => [statuses.indexOf(file.status), newest(file), ...name(file)],
    age: (file) => [-file.discoveredAt, ...name(file)],
  };
  const compare = (a: Listed, b: Listed): number => {
    const [left, right] = [keys[rules.sort](a), keys[rules.sort](b)];
    const at = left.findIndex((part, index) => part !== right[index]);
    if (at < 0) return 0;
    return ((left[at] as string) < (right[at] as string) ? -1 : 1) * (rules.isReversed ? -1 : 1);
  };
  const chosen = all.filter((file) => inTab(file) && (!isRecovered(file) || (!rules.hideRecovered && !isShownAbove(file))));
  return chosen.toSorted(compare).flatMap((file) => {
    const isShown = !rules.hideRecovered && !isRecovered(file) && (file.endedAt ?? since) >= since;
    const original = file.recoveryOf === null ? undefined : byId.get(file.recoveryOf);
    const isLinked = original === undefined ? file.recoveryOf !== null : original.recoveredBy === file.id;
    const hasOriginal = isShown && isLinked && matches({ ...file, status: 'FAILED', hold: null });
    const above = hasOriginal ? [`${file.recoveryOf} 0`] : [];
    return matches(file) ? [...above, `${file.id} ${above.length}`] : above;
  });
}

function apply({ catalogue }: TestCatalogue, model: Map<string, Listed>, change: Change): void {
  if ('put' in change) {
    model.set(change.put.id, change.put);
    catalogue.put(change.put);
  } else {
    model.delete(idOf(change.drop));
    catalogue.drop(idOf(change.drop));
  }
}

const conditions = [
  [ingest, { isOpen: false, isHeld: false }],
  [archive, { isOpen: true, isHeld: true }],
] as const;

const anyStory = fc.record({
  rules: anyRules,
  before: fc.array(anyChange, { maxLength: 40 }),
  after: fc.array(anyChange, { maxLength: 25 }),
  offset: fc.nat(12),
  limit: fc.nat(9),
  filled: fc.nat(20),
});
type Story = typeof anyStory extends fc.Arbitrary<infer Steps> ? Steps : never;

function followStory({ rules, before, after, offset, limit, filled }: Story): void {
  const fixture = makeCatalogue();
  for (const [route, condition] of conditions) fixture.conditions.set(route, condition);
  const model = new Map<string, Listed>();
  for (const change of before) apply(fixture, model, change);
  const { catalogue } = fixture;
  const list = catalogue.addList(rules);
  // Changes arrive while the list is half filled.
  catalogue.work(filled);
  for (const change of after) apply(fixture, model, change);
  while (catalogue.work(3) > 0);
  const expected = reference([...model.values()], rules);
  const whole = catalogue.window(list, { offset: 0, limit: 1_000, anchor: null });
  assert.equal(
    whole.slots.map(({ id, depth }) => `${id} ${depth}`),
    expected,
  );
  const part = catalogue.window(list, { offset, limit, anchor: null });
  const from = offset < expected.length ? offset : Math.max(0, expected.length - limit);
  assert.is(part.matched, expected.length);
  assert.is(part.offset, from);
  assert.equal(
    part.slots.map(({ id, depth }) => `${id} ${depth}`),
    expected.slice(from, from + limit),
  );
  const unfiltered = reference([...model.values()], { ...rules, filter: '' });
  assert.is(catalogue.tally.rowsOf(rules.tab, rules.hideRecovered), unfiltered.length);
}

for (const seed of seeds) {
  test(`window, seed ${seed}: at any offset it equals the slice of the fully sorted list, after any changes`, () => {
    fc.assert(fc.property(anyStory, followStory), { numRuns: runs, seed });
  });

  test(`window, seed ${seed}: every file has exactly one row, however files are linked`, () => {
    const everyFile = (changes: readonly Change[]): void => {
      const fixture = makeCatalogue();
      const model = new Map<string, Listed>();
      for (const change of changes) apply(fixture, model, change);
      const { slots } = fixture.catalogue.window(fixture.list(), { offset: 0, limit: 1_000, anchor: null });
      const shown = slots.map(({ id }) => id).filter((id) => model.has(id));
      assert.equal(shown.toSorted(), [...model.keys()].toSorted());
    };
    fc.assert(fc.property(fc.array(anyChange, { maxLength: 60 }), everyFile), { numRuns: runs, seed });
  });
}

test('tally: after any additions and removals it counts exactly the listed files', () => {
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 60 }), (changes) => {
      const fixture = makeCatalogue();
      const model = new Map<string, Listed>();
      for (const change of changes) apply(fixture, model, change);
      for (const route of [ingest, archive]) {
        const there = [...model.values()].filter((file) => file.route === route);
        const count = (of: (file: Listed) => boolean): number => there.filter(of).length;
        const tally = fixture.catalogue.tally.route(route);
        for (const status of statuses)
          assert.is(
            tally.counts[status],
            count((file) => file.status === status),
          );
        assert.is(
          tally.recovered,
          count((file) => file.status === 'FAILED' && file.recoveredBy !== null),
        );
        assert.is(
          tally.lost,
          count((file) => file.status === 'FAILED' && file.recoveredBy === null && file.isHeld),
        );
        assert.is(
          tally.needsYou,
          count((file) => file.hold === 'needs_you'),
        );
        assert.is(
          tally.stuck,
          count((file) => file.hold === 'needs_you' && file.status === 'GROWING'),
        );
        assert.is(
          tally.leftBytes,
          there.reduce((sum, file) => sum + file.leftBytes, 0),
        );
      }
    }),
    { numRuns: runs },
  );
});

test('work: never exceeds the given units, however long the list is', () => {
  const fixture = makeCatalogue(Array.from({ length: 5_000 }, (_, index) => listed(index + 1, 'READY')));
  const lists = [fixture.catalogue.addList({ tab: 'all', filter: '', sort: 'name', isReversed: false, hideRecovered: false })];
  lists.push(fixture.catalogue.addList({ tab: 'all', filter: 'clip', sort: 'size', isReversed: false, hideRecovered: false }));
  let slices = 0;
  for (let done = fixture.catalogue.work(600); done > 0; done = fixture.catalogue.work(600)) {
    assert.ok(done <= 600);
    slices += 1;
  }
  assert.is(slices, Math.ceil(10_000 / 600));
  for (const list of lists) assert.is(fixture.catalogue.window(list, { offset: 0, limit: 1, anchor: null }).matched, 5_000);
});

test('window: splitting and emptying blocks loses no row', () => {
  const fixture = makeCatalogue(Array.from({ length: 3_000 }, (_, index) => listed(index + 1, 'READY')));
  const list = fixture.list({ sort: 'age', isReversed: true });
  const first = (offset: number): string | undefined => fixture.catalogue.window(list, { offset, limit: 1, anchor: null }).slots[0]?.id;
  for (const row of [0, 255, 256, 511, 512, 1_500, 2_999]) assert.is(first(row), idOf(row + 1));
  for (let number = 1; number <= 2_000; number += 1) fixture.catalogue.drop(idOf(number));
  assert.is(first(0), idOf(2_001));
  assert.is(first(999), idOf(3_000));
  assert.is(fixture.catalogue.window(list, { offset: 0, limit: 1, anchor: idOf(2_901) }).offset, 900);
});

test.run();
