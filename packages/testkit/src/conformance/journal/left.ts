import { isLeftToJournal } from '@sluice/core';
import { type FileIdentity, identityText, type RouteName, type TrackedFile } from '@sluice/core/model';
import * as assert from 'uvu/assert';
import { append, type Claim } from './claim.ts';
import { completed, discovered, failed, fileFact, ready, removed, sampleId, sampleRoute, story } from './samples.ts';

const other = 'other' as RouteName;

const leftover = { name: 'l', attempt: sampleId(99), failedAt: 1, leastBytes: 5 };

/** Tests of the files that core queries instead of holding them. */
export function leavingFiles(claim: Claim): void {
  const held: readonly TrackedFile[] = [
    completed(1, 'renamed', { destination: 'renamed_1' }),
    completed(2, 'gone', { sourceGone: true }),
    completed(3, 'parts', { leftParts: ['.p.part'] }),
    completed(4, 'mark', { toMark: [{ from: 'a', to: 'b', leastBytes: 1 }] }),
    completed(5, 'pauses', { pauses: 2 }),
    completed(6, 'from', { renamedFrom: { source: 'x', copy: null, isGone: false } }),
    completed(7, 'to', { renamedTo: 'y' }),
    completed(8, 'pending', { afterCopy: 'pending' }),
    completed(13, 'removed parts', { afterCopy: 'done', sourceGone: true, leftParts: ['.p.part'] }),
    completed(14, 'removed mark', { afterCopy: 'done', sourceGone: true, toMark: [{ from: 'a', to: 'b', leastBytes: 1 }] }),
    completed(15, 'removed leftover', { afterCopy: 'done', sourceGone: true, leftovers: [leftover] }),
    completed(9, 'refused', { status: 'COMPLETED_DELETE_FAILED', afterCopy: 'failed' }),
    failed(10, 'failed'),
    removed(11, 'removed'),
    ready(12, 'ready'),
  ];
  const done = completed(21, 'source removed', { afterCopy: 'done', sourceGone: true });
  const plain = completed(20, 'a "leftParts":[1] b', { notes: [{ kind: 'mode_not_set', code: '"toMark":' }], hash: null });

  claim('load gives back a file, or it is left to the journal: never both, never neither', (under) => {
    append(under.journal, ...[...held, plain, done].flatMap(story));
    const { ended, load } = under.reopen();
    assert.equal(load().files, held);
    assert.equal([isLeftToJournal(plain), ...held.map(isLeftToJournal)], [true, ...held.map(() => false)]);
    for (const { source } of held) assert.is(ended.newest(sampleRoute, source), null, source);
    assert.equal(ended.newest(sampleRoute, plain.source)?.file, plain);
    assert.is(ended.newest(sampleRoute, done.source), null, 'a file under its path is another one');
  });

  claim('ended.newest knows the newest of a path and a route', (under) => {
    const [first, second] = [completed(1, 'a'), completed(2, 'a')];
    append(under.journal, ...story(first), ...story(second), ...story(completed(3, 'a', { route: other })), ...story(completed(4, 'b')));
    append(under.journal, ...story(removed(5, 'b')), ...story(completed(6, 'c')), ...story(discovered(7, 'c')));
    const { ended } = under.journal;
    assert.equal([ended.newest(sampleRoute, 'a')?.file, ended.newest(other, 'a')?.file.id], [second, sampleId(3)]);
    for (const source of ['b', 'c', 'A', 'a/', '']) assert.is(ended.newest(sampleRoute, source), null, source);
    assert.is(ended.newest('nobody' as RouteName, 'a'), null);
    assert.equal([ended.file(sampleId(1)), ended.file(sampleId(8))], [first, null]);
    append(under.journal, fileFact(completed(2, 'a', { sourceGone: true })));
    assert.is(ended.newest(sampleRoute, 'a'), null);
  });

  claim('ended.aboutAll answers about many files what single questions answer', (under) => {
    const strange = ['line\nbreak', "quote's", '"', 'lone \ud800', 'nul \ud800\udc00 \udfff', 'ä', '[]'];
    const of = (number: number): FileIdentity => ({ device: '65025', inode: String(number) });
    const files = ['a', 'b', 'a', ...strange].map((source, index) =>
      completed(index + 1, source, { identity: identityText(of(index === 1 ? 1 : index + 1)) }),
    );
    append(under.journal, ...files.flatMap(story), ...story(removed(30, 'b')), ...story(completed(31, 'c', { route: other })));
    const { ended } = under.journal;
    const entries = ['a', 'b', 'c', 'unknown', ...strange].map((path, index) => ({ path, identity: index === 1 ? null : of(index + 1) }));
    for (const route of [sampleRoute, other, 'nobody' as RouteName]) {
      const answers = (): unknown => [
        entries.map(({ path }) => ended.newest(route, path)?.file.id),
        files.map(({ identity }) => ended.pathOf(route, identity ?? '')),
        ended.newest(route, 'not asked about'),
      ];
      assert.equal(ended.aboutAll(route, entries, answers), answers(), route);
    }
    append(under.journal, ...story(completed(40, 'unknown')));
    assert.is(ended.newest(sampleRoute, 'unknown')?.file.id, sampleId(40), 'nothing of it is kept');
  });
}

/** Tests of the queries that find them. */
export function findingFiles(claim: Claim): void {
  claim('ended.ownerOf knows who has a name at the destination, followed or not', (under) => {
    append(under.journal, ...story(completed(1, 'a')), ...story(completed(2, 'a', { destination: 'a_1' })), ...story(failed(3, 'f')));
    append(under.journal, ...story(ready(4, 'r')), ...story(completed(5, 'o', { route: other })));
    const owner = (name: string): string | null => under.journal.ended.ownerOf(sampleRoute, name);
    assert.equal(['a', 'a_1', 'f', 'r', 'o', 'a_2'].map(owner), [sampleId(1), sampleId(2), null, null, null, null]);
  });

  claim('ended.withId8 knows files by the begin of their ids, followed or not', (under) => {
    append(under.journal, ...story(completed(1, 'a')), ...story(failed(2, 'a')), ...story(ready(3, 'a')));
    append(under.journal, ...story(completed(4, 'b', { route: other })));
    const found = (number: number, route = sampleRoute): string[] =>
      under.journal.ended.withId8(route, sampleId(number).slice(0, 8)).map(({ id }) => id);
    assert.equal(
      [1, 2, 3].map((number) => found(number)),
      [[sampleId(1)], [sampleId(2)], [sampleId(3)]],
    );
    assert.equal([found(4), found(4, other), found(5), found(1, 'nobody' as RouteName)], [[], [sampleId(4)], [], []]);
  });

  claim('ended.pathOf knows the newest path of a file of the source', (under) => {
    const identity = '65025:17';
    append(under.journal, ...story(completed(1, 'a', { identity })), ...story(completed(2, 'b', { identity: '65025:18' })));
    const path = (): (string | null)[] => [identity, '65025:18', '65025:1'].map((text) => under.journal.ended.pathOf(sampleRoute, text));
    assert.equal(path(), ['a', 'b', null]);
    append(under.journal, ...story(completed(3, 'c', { identity })), ...story(completed(4, 'd', { identity: '65025:1', route: other })));
    assert.equal(path(), ['c', 'b', null]);
  });

  claim('ended.after goes through all of them, in pieces', (under) => {
    const files = Array.from({ length: 7 }, (_, index) => completed(index + 1, `day/${index}`, index === 3 ? { route: other } : {}));
    append(under.journal, ...files.flatMap(story), ...story(ready(9, 'live')));
    const { ended } = under.journal;
    const seen: string[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const piece: ReturnType<typeof ended.after> = ended.after(sampleRoute, after, 2);
      seen.push(...piece.paths.map(({ source }) => source));
      for (const { number, source } of piece.paths) assert.is(ended.newest(sampleRoute, source)?.number, number);
      after = piece.next;
    }
    assert.equal(seen, ['day/0', 'day/1', 'day/2', 'day/4', 'day/5', 'day/6']);
    assert.is(ended.lastNumber(), ended.numberOf(sampleId(9)));
  });

  claim('ended.foundAfter and ended.below know what was found later, and what is in a folder', (under) => {
    const names = ['day', 'day/a', 'day/b/c', 'day0', 'day-1/x'];
    append(under.journal, ...story(ready(9, 'waits')), ...names.flatMap((source, index) => story(completed(index + 1, source))));
    const { ended } = under.journal;
    const found = [...ended.foundAfter(sampleRoute, sampleId(2))];
    assert.equal(found.map(({ source }) => source).sort(), ['day-1/x', 'day/b/c', 'day0']);
    assert.equal([found[0]?.sizeBytes, found[0]?.mtimeNs, found[0]?.discoveredAt], [1_000, '1790000000123456789', 1_000]);
    assert.is([...ended.foundAfter(sampleRoute, sampleId(9))].length, names.length);
    assert.equal([...ended.foundAfter(sampleRoute, sampleId(77))], []);
    assert.equal([...ended.below(sampleRoute, 'day')].map(({ source }) => source).sort(), ['day/a', 'day/b/c']);
    assert.equal([...ended.below(other, 'day')], []);
  });
}
