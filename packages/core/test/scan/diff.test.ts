import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SourceEntry } from '../../src/model/file.ts';
import { createSourceDiff, type SourceDiff } from '../../src/scan/diff.ts';

type Listing = Readonly<Record<string, number>>;

/** A number stands for a fingerprint: the tens are the size, the ones the modification time. */
function entriesOf(listing: Listing): SourceEntry[] {
  return Object.entries(listing).map(([path, number]) => ({
    path,
    nameValid: true,
    fingerprint: { sizeBytes: Math.floor(number / 10), mtimeNs: String(number % 10) },
    identity: null,
    mode: 0o644,
    mayGrow: false,
  }));
}

const pathsOf = (entries: readonly SourceEntry[]): string[] => entries.map(({ path }) => path);

/** Keeps the reported entries, as the receiver of the changes would. */
function receiver(diff: SourceDiff) {
  const received = new Map<string, string>();
  const receive = (entries: readonly SourceEntry[]): readonly SourceEntry[] => {
    for (const { path, fingerprint } of entries) received.set(path, JSON.stringify(fingerprint));
    return entries;
  };
  return {
    received,
    some: (listing: Listing) => receive(diff.some(entriesOf(listing))),
    /** Takes in a complete listing. Paths that are missing for the second time are gone. */
    all(listing: Listing) {
      const { news, missedTwice } = diff.all(entriesOf(listing));
      receive(news);
      for (const path of missedTwice) received.delete(path);
      diff.forget(missedTwice);
      return { news, missedTwice };
    },
  };
}

const tableOf = (listing: Listing): Map<string, string> =>
  new Map(entriesOf(listing).map(({ path, fingerprint }) => [path, JSON.stringify(fingerprint)]));
const sorted = (table: ReadonlyMap<string, string>): unknown => [...table].sort(([a], [b]) => (a < b ? -1 : 1));

const listings = fc.dictionary(fc.constantFrom('a', 'b', 'c/d', 'c/e', '__proto__x', 'é'), fc.nat({ max: 30 }));
const kinds = fc.constantFrom('all' as const, 'some' as const);
const stories = fc.array(fc.record({ kind: kinds, listing: listings }), { maxLength: 12 });

test('SourceDiff: another file of the same size and mtime is a change, and so is a new identity or change time', () => {
  const diff = createSourceDiff();
  const [file] = entriesOf({ a: 11 });
  const seen = (identity: SourceEntry['identity']): number => diff.some(file === undefined ? [] : [{ ...file, identity }]).length;
  const [one, other] = [
    { device: '1', inode: '7' },
    { device: '1', inode: '8' },
  ];
  assert.equal([null, null, one, one, other, null].map(seen), [1, 0, 1, 0, 1, 1]);
});

test('SourceDiff: the changes of two equal complete listings turn the earlier table into the new one', () => {
  fc.assert(
    fc.property(stories, listings, (story, last) => {
      const diff = createSourceDiff();
      const received = receiver(diff);
      for (const { kind, listing } of story) received[kind](listing);
      received.all(last);
      received.all(last);
      assert.equal(sorted(received.received), sorted(tableOf(last)));
      assert.is(diff.size(), Object.keys(last).length);
    }),
  );
});

test('SourceDiff: after one complete listing all its files are known, and the only other known paths were missed once', () => {
  fc.assert(
    fc.property(stories, listings, (story, last) => {
      const received = receiver(createSourceDiff());
      for (const { kind, listing } of story) received[kind](listing);
      const before = new Map(received.received);
      const { missedTwice } = received.all(last);
      const expected = new Map([...before, ...tableOf(last)]);
      for (const path of missedTwice) expected.delete(path);
      assert.equal(sorted(received.received), sorted(expected));
      for (const path of missedTwice) assert.not.ok(path in last);
    }),
  );
});

test('SourceDiff: only entries that differ are reported', () => {
  fc.assert(
    fc.property(stories, listings, kinds, (story, last, kind) => {
      const received = receiver(createSourceDiff());
      for (const step of story) received[step.kind](step.listing);
      const before = new Map(received.received);
      const answer = received[kind](last);
      const news = 'news' in answer ? answer.news : answer;
      const moved = [...tableOf(last)].filter(([path, fingerprint]) => before.get(path) !== fingerprint).map(([path]) => path);
      assert.equal(pathsOf(news).sort(), moved.sort());
      assert.equal(received.some(last), []);
    }),
  );
});

test('SourceDiff: an incomplete listing never removes a path', () => {
  fc.assert(
    fc.property(listings, fc.array(listings, { maxLength: 8 }), (first, parts) => {
      const diff = createSourceDiff();
      const received = receiver(diff);
      received.all(first);
      for (const part of parts) received.some(part);
      for (const path of [first, ...parts].flatMap((listing) => Object.keys(listing))) {
        assert.ok(diff.has(path));
        assert.ok(received.received.has(path));
      }
    }),
  );
});

test('SourceDiff: a removal needs two consecutive complete listings without the path', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const diff = createSourceDiff();
      const known = new Set<string>();
      const missedOnce = new Set<string>();
      for (const { kind, listing } of story) {
        const entries = entriesOf(listing);
        const gone = kind === 'all' ? diff.all(entries).missedTwice : (diff.some(entries), []);
        for (const path of pathsOf(entries)) {
          known.add(path);
          missedOnce.delete(path);
        }
        const lacking = kind === 'all' ? [...known].filter((path) => !(path in listing)) : [];
        assert.equal([...gone].sort(), lacking.filter((path) => missedOnce.has(path)).sort());
        for (const path of lacking) missedOnce.add(path);
      }
    }),
  );
});

test('SourceDiff: a path that was forgotten is new when it appears again', () => {
  const diff = createSourceDiff();
  diff.all(entriesOf({ a: 11, b: 11 }));
  diff.forget(['a']);
  assert.equal([diff.has('a'), diff.has('b'), diff.size()], [false, true, 1]);
  assert.equal(pathsOf(diff.all(entriesOf({ a: 11, b: 11 })).news), ['a']);
});

test('SourceDiff: a path that is to be reported again is, once, and still counts as known', () => {
  const diff = createSourceDiff();
  diff.all(entriesOf({ a: 11, b: 11 }));
  diff.reportAgain(['a', 'c']);
  assert.equal([diff.has('a'), diff.has('c'), diff.size()], [true, false, 2]);
  assert.equal(pathsOf(diff.all(entriesOf({ a: 11, b: 11 })).news), ['a']);
  assert.equal(pathsOf(diff.all(entriesOf({ a: 11, b: 11 })).news), []);
  diff.reportAgain(['a']);
  diff.all(entriesOf({ b: 11 }));
  assert.equal(diff.all(entriesOf({ b: 11 })).missedTwice, ['a']);
});

test('SourceDiff: a path that was missed twice is reported until it is forgotten', () => {
  const diff = createSourceDiff();
  diff.all(entriesOf({ a: 11 }));
  assert.equal(
    [1, 2, 3].map(() => diff.all([]).missedTwice),
    [[], ['a'], ['a']],
  );
  diff.forget(['a']);
  assert.equal(diff.all([]).missedTwice, []);
});

test('SourceDiff: a check that shows the path in between counts like a listing', () => {
  const diff = createSourceDiff();
  diff.all(entriesOf({ a: 11 }));
  diff.all([]);
  assert.equal(diff.some(entriesOf({ a: 11 })), []);
  assert.equal(diff.all([]).missedTwice, []);
});

test('SourceDiff: a path is lacked twice after two complete listings without it, and only if it is not known', () => {
  const diff = createSourceDiff();
  const asked = (): boolean[] => ['a', 'b'].map((path) => diff.isLackedTwice(path));
  const story = [asked()];
  for (const listing of [{ a: 11 }, { a: 11 }, {}, {}]) {
    diff.all(entriesOf(listing));
    diff.some(entriesOf({ c: 1 }));
    story.push(asked());
  }
  assert.equal(story, [
    [false, false],
    [false, false],
    [false, true],
    [false, true],
    [false, true],
  ]);
  diff.forget(['a']);
  assert.equal(asked(), [true, true]);
  diff.doubtMissing();
  assert.equal(asked(), [false, false]);
  diff.some(entriesOf({ b: 1 }));
  diff.all([]);
  diff.all([]);
  assert.equal(asked(), [true, false]);
});

test('SourceDiff: after a change of the root, missed listings are counted from zero', () => {
  const diff = createSourceDiff();
  diff.all(entriesOf({ a: 11, b: 11 }));
  diff.all(entriesOf({ b: 11 }));
  diff.doubtMissing();
  assert.equal(diff.all(entriesOf({ b: 11 })).missedTwice, []);
  assert.equal(diff.all(entriesOf({ b: 11 })).missedTwice, ['a']);
});

test.run();
