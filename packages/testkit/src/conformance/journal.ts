import { type JournalRecord, routeName, type TrackedFile } from '@sluice/core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { PrunableJournal } from '../memory-journal.ts';
import {
  completed,
  discovered,
  failed,
  fileFact,
  gateChange,
  numbered,
  ready,
  removed,
  routeFact,
  sampleId,
  sampleRoute,
  story,
  transition,
  type Unnumbered,
  verifying,
} from './journal-samples.ts';

/** One journal under test, and how its agent comes back to it. */
export interface JournalUnderTest {
  readonly journal: PrunableJournal;
  /** Closes it and opens what it left. */
  reopen(): PrunableJournal;
  /** Closes it and clears up. */
  end(): void;
}

/** Names that files bear, though nobody would think so. The last ones no Linux has, but a journal has to be exact. */
export const hostileNames: readonly string[] = [
  "a'; DROP TABLE files; --",
  'line\nbreak\r\n',
  '"double" \\ back `tick`',
  'tab\tbell\u0007escape\u001b[2J',
  ' leading and trailing ',
  '*?[abc]{x,y}%_',
  'e\u0301 is not \u00e9',
  '\u00e9 is not e\u0301',
  '\u202egnp.txt',
  '\ufffd\ufffd.mxf',
  '\u{1f3a5}.mov',
  '../../etc/passwd',
  'n'.repeat(255),
  `${'deep/'.repeat(800)}x`,
  '\ud800 high',
  '\udfff low',
  '\ud801 high',
  'nul\0one',
  'nul\0two',
  'nul\0d800 high',
];

/**
 * What every journal has to do, as tests of uvu: the file that calls this says `test.run()` itself.
 *
 * @param open makes an empty journal
 */
export function journalConformance(name: string, open: () => JournalUnderTest): void {
  const claim = (what: string, work: (under: JournalUnderTest) => void): void => {
    test(`${name}: ${what}`, () => {
      const under = open();
      try {
        work(under);
      } finally {
        under.end();
      }
    });
  };
  appending(claim);
  rules(claim);
  loading(claim);
  pruning(claim);
}

type Claim = (what: string, work: (under: JournalUnderTest) => void) => void;

function append(journal: PrunableJournal, ...records: readonly Unnumbered[]): JournalRecord[] {
  const added = numbered(records, journal.load().nextSeq);
  journal.append(added);
  return added;
}

/** The batch is refused as a broken promise (no code: not to be tried again), and nothing of it is there. */
function refused(under: JournalUnderTest, records: readonly JournalRecord[], why: RegExp): void {
  const before = under.journal.load();
  let error: unknown = null;
  try {
    under.journal.append(records);
  } catch (thrown) {
    error = thrown;
  }
  assert.instance(error, Error, `accepted, but wanted: ${why}`);
  assert.match((error as Error).message, why);
  assert.is('code' in (error as Error), false);
  assert.equal(under.journal.load(), before);
}

function appending(claim: Claim): void {
  claim('a new journal is empty and begins with 1', ({ journal }) => {
    assert.equal(journal.load(), { nextSeq: 1, files: [], routeFacts: [], usedNames: [] });
  });

  claim('append of nothing changes nothing', ({ journal }) => {
    journal.append([]);
    assert.is(journal.load().nextSeq, 1);
  });

  claim('append numbers without a gap, over batches and lives', (under) => {
    append(under.journal, transition(null, discovered(1, 'a')), gateChange('closed'));
    append(under.journal, routeFact('marker', { marker: 'm' }));
    assert.is(under.journal.load().nextSeq, 4);
    assert.is(under.reopen().load().nextSeq, 4);
  });

  claim('append refuses a number that does not follow', (under) => {
    refused(under, numbered([gateChange('open')], 2), /2 does not follow 0/);
    append(under.journal, gateChange('open'), gateChange('closed'));
    refused(under, numbered([gateChange('open')], 2), /2 does not follow 2/);
    refused(under, numbered([gateChange('open')], 4), /4 does not follow 2/);
    const [first, second] = numbered([gateChange('open'), gateChange('open')], 3) as [JournalRecord, JournalRecord];
    refused(under, [first, { ...second, seq: 5 }], /5 does not follow 3/);
    refused(under, [second, first], /4 does not follow 2/);
  });

  claim('append is all or nothing, and the same numbers can be used after a refusal', (under) => {
    const used = discovered(1, 'a');
    append(under.journal, transition(null, used), transition('DISCOVERED', removed(1, 'a')));
    const good = [transition(null, discovered(2, 'b')), routeFact('marker', { marker: 'm' }), gateChange('open')];
    refused(under, numbered([...good, transition(null, { ...used, source: 'c' })], 3), /used already/);
    assert.equal(under.reopen().load().files, [removed(1, 'a')]);
  });

  claim('append after a refusal goes on', (under) => {
    refused(under, numbered([gateChange('open'), transition('READY', ready(9, 'x'))], 1), /not in the journal/);
    append(under.journal, transition(null, discovered(1, 'a')));
    assert.equal(under.reopen().load().files, [discovered(1, 'a')]);
  });

  claim('a huge batch is one batch', (under) => {
    const count = 4_000;
    const records = Array.from({ length: count }, (_, index) => story(ready(index + 1, `day/${index}.mxf`))).flat();
    append(under.journal, ...records, routeFact('note', { text: 'x'.repeat(2_000_000) }));
    const image = under.reopen().load();
    assert.is(image.nextSeq, 2 * count + 2);
    assert.is(image.files.length, count);
    assert.equal(image.files.at(-1), ready(count, `day/${count - 1}.mxf`));
    assert.equal(image.routeFacts[0]?.detail, { text: 'x'.repeat(2_000_000) });
  });

  claim('a closed journal takes nothing', ({ journal }) => {
    journal.close();
    assert.throws(() => journal.append(numbered([gateChange('open')], 1)));
    assert.throws(() => journal.load());
    assert.throws(() => journal.prune({ before: 0, isAtSource: nothingIsThere }));
  });
}

function rules(claim: Claim): void {
  claim('no tracked-file id is used twice', (under) => {
    append(under.journal, ...story(completed(1, 'a')));
    refused(under, numbered([transition(null, discovered(1, 'a'))], 3), /used already/);
    refused(under, numbered([transition(null, discovered(1, 'b'))], 3), /used already/);
    refused(under, numbered([transition(null, discovered(2, 'b')), transition(null, discovered(2, 'c'))], 3), /used already/);
  });

  claim('an id stays with its source file and route', (under) => {
    append(under.journal, ...story(ready(1, 'a')));
    refused(under, numbered([fileFact(ready(1, 'b'))], 3), /another file's/);
    refused(under, numbered([fileFact(ready(1, 'a', { route: routeName('other') }))], 3), /another file's/);
  });

  claim('a lineage has at most one live file', (under) => {
    append(under.journal, transition(null, discovered(1, 'a')));
    refused(under, numbered([transition(null, discovered(2, 'a'))], 2), /./);
    append(under.journal, transition(null, discovered(2, 'a', { route: routeName('other') })));
    append(under.journal, transition('DISCOVERED', failed(1, 'a')), transition(null, discovered(3, 'a')));
    assert.equal(
      under.journal.load().files.map((file) => file.id),
      [sampleId(2), sampleId(3)],
    );
  });

  claim('a successor does not begin before its predecessor has ended', (under) => {
    append(under.journal, transition(null, discovered(1, 'a')));
    refused(under, numbered([transition(null, discovered(2, 'a')), transition('DISCOVERED', failed(1, 'a'))], 2), /./);
  });

  claim('a story has no holes', (under) => {
    refused(under, numbered([transition('DISCOVERED', ready(1, 'a'))], 1), /not in the journal/);
    refused(under, numbered([fileFact(ready(1, 'a'))], 1), /not in the journal/);
    append(under.journal, transition(null, discovered(1, 'a')));
    refused(under, numbered([transition('READY', completed(1, 'a'))], 2), /is DISCOVERED in the journal, not READY/);
    refused(under, numbered([fileFact(ready(1, 'a'))], 2), /is DISCOVERED in the journal, not READY/);
    const [record] = numbered([transition('DISCOVERED', ready(1, 'a'))], 2) as [JournalRecord];
    refused(under, [{ ...record, to: 'GROWING' } as JournalRecord], /says GROWING of a READY file/);
  });
}

function loading(claim: Claim): void {
  const files: readonly TrackedFile[] = [
    discovered(1, 'z'),
    ready(2, 'y', { hold: 'operator', nameReason: 'recovery', nameNumber: 3, burned: ['b_1', 'b_2'], recoveryOf: sampleId(99) }),
    ready(3, 'held', { hold: 'needs_you', retryAt: 5_000 }),
    verifying(4, 'x'),
    completed(5, 'w', { recoveredBy: null, hash: null, readback: 'size', copied: false }),
    completed(6, 'v', { status: 'COMPLETED_DELETE_FAILED', afterCopy: 'failed' }),
    failed(7, 'u', { left: null, leftParts: ['.u.00000007.part'], toMark: [{ from: 'u', to: 'u.failed', leastBytes: 2 ** 52 }] }),
    failed(8, 't', { fingerprint: { sizeBytes: Number.MAX_SAFE_INTEGER, mtimeNs: '-1' } }),
    removed(9, 's'),
  ];

  claim('load gives back exactly the files, oldest first', (under) => {
    append(under.journal, ...files.flatMap(story));
    assert.equal(under.journal.load().files, files);
    assert.equal(under.reopen().load().files, files);
  });

  claim('load gives of each source the newest attempt, per route', (under) => {
    const other = { route: routeName('other') };
    append(under.journal, ...story(failed(1, 'a')), ...story(completed(2, 'a', other)), ...story(failed(3, 'a')), ...story(ready(4, 'a')));
    append(under.journal, fileFact(failed(1, 'a', { recoveredBy: sampleId(3) })));
    assert.equal(under.reopen().load().files, [completed(2, 'a', other), ready(4, 'a')]);
  });

  claim('a fact replaces the record and keeps its place', (under) => {
    append(under.journal, ...story(ready(1, 'a')), ...story(ready(2, 'b')), fileFact(ready(1, 'a', { destination: 'a_1', nameNumber: 1 })));
    assert.equal(under.reopen().load().files, [ready(1, 'a', { destination: 'a_1', nameNumber: 1 }), ready(2, 'b')]);
  });

  claim('load gives the names of completed files and of failed ones that left something', (under) => {
    append(under.journal, ...files.flatMap(story), ...story(completed(20, 'z2', { destination: 'z2_1' })));
    append(under.journal, ...story(failed(21, 'again', { left: 'again' })), ...story(completed(22, 'again', { destination: 'again_1' })));
    assert.equal(
      under
        .reopen()
        .load()
        .usedNames.map(({ route, destination, fileId }) => [route, destination, fileId]),
      [
        [sampleRoute, 'w', sampleId(5)],
        [sampleRoute, 'v', sampleId(6)],
        [sampleRoute, 't', sampleId(8)],
        [sampleRoute, 'z2_1', sampleId(20)],
        [sampleRoute, 'again', sampleId(21)],
        [sampleRoute, 'again_1', sampleId(22)],
      ],
    );
  });

  claim('load gives the newest fact of each route and key, by number', (under) => {
    const hold = { by: 'op', until: null, reason: 'lunch\n\u{1f96a}' };
    const other = routeName('other');
    const facts = [
      routeFact('hold', { ...hold, reason: 'first' }),
      routeFact('marker', { marker: 'm', nested: { deep: [1, [2.5, { x: null }]], no: false } }),
      routeFact('hold', { by: 'somebody' }, other),
      gateChange('closed'),
      routeFact('hold', hold),
    ];
    const added = append(under.journal, ...facts);
    assert.equal(under.reopen().load().routeFacts, [added[1], added[2], added[4]]);
  });

  claim('hostile names come back as they were, each a file of its own', (under) => {
    const named = hostileNames.map((source, index) => completed(index + 1, source, { destination: `${source}_1`, nameValid: false }));
    for (const file of named) append(under.journal, ...story(file));
    const image = under.reopen().load();
    assert.equal(image.files, named);
    assert.equal(
      image.usedNames.map((used) => used.destination),
      named.map((file) => file.destination),
    );
  });

  claim('hostile text in details and facts comes back as it was', (under) => {
    const detail = { texts: [...hostileNames], ['__proto__ of\0']: { "'": '"' } };
    append(under.journal, routeFact('note', detail), gateChange('closed', { operator: 'a\nb', technical: "'; --" }));
    assert.equal(under.reopen().load().routeFacts[0]?.detail, detail);
  });
}

const everythingIsThere = (): boolean => true;
const nothingIsThere = (): boolean => false;

/** Asks until it is done; a journal that never is would be an endless loop of the agent. */
function pruneAll(journal: PrunableJournal, before: number, isAtSource: (route: string, source: string) => boolean): number {
  let files = 0;
  for (let calls = 0; calls < 1_000; calls += 1) {
    const pruned = journal.prune({ before, isAtSource });
    files += pruned.files;
    if (pruned.isDone) return files;
  }
  throw new Error('prune is never done');
}

function pruning(claim: Claim): void {
  const ids = (journal: PrunableJournal): string[] => journal.load().files.map((file) => file.id);

  claim('prune removes old attempts and keeps the newest while it is at the source', (under) => {
    append(under.journal, ...story(failed(1, 'a')), ...story(failed(2, 'a')), ...story(completed(3, 'a')), gateChange('open'));
    const before = under.journal.load();
    assert.is(pruneAll(under.journal, 2_001, everythingIsThere), 2);
    assert.is(pruneAll(under.journal, 2_001, everythingIsThere), 0);
    const after = under.reopen().load();
    assert.equal(after.files, before.files);
    assert.equal(
      after.usedNames.map((used) => used.fileId),
      [sampleId(3)],
    );
    assert.is(after.nextSeq, before.nextSeq);
  });

  claim('prune removes the newest of what has left the source', (under) => {
    append(under.journal, ...story(completed(1, 'gone')), ...story(completed(2, 'there')), ...story(removed(3, 'removed')));
    append(under.journal, ...story(completed(4, 'gone while it was copied', { sourceGone: true })), gateChange('open'));
    const asked: string[] = [];
    pruneAll(under.journal, 2_001, (route, source) => {
      asked.push(`${route} ${source}`);
      return source === 'there';
    });
    assert.equal(ids(under.journal), [sampleId(2)]);
    assert.equal(asked.sort(), ['ingest gone', 'ingest there']);
  });

  claim('prune keeps what is young, to the millisecond, and what lives', (under) => {
    append(under.journal, ...story(completed(1, 'old', { endedAt: 1_999 })), ...story(completed(2, 'young', { endedAt: 2_000 })));
    append(under.journal, ...story(ready(3, 'live', { discoveredAt: 1 })), gateChange('open'));
    assert.is(pruneAll(under.journal, 2_000, nothingIsThere), 1);
    assert.equal(ids(under.journal), [sampleId(2), sampleId(3)]);
  });

  claim('prune keeps what something is owed for', (under) => {
    const owing = [
      failed(1, 'parts', { leftParts: ['.p.part'] }),
      failed(2, 'marks', { toMark: [{ from: 'a', to: 'b', leastBytes: 1 }] }),
      completed(3, 'pending', { afterCopy: 'pending' }),
      completed(4, 'refused', { status: 'COMPLETED_DELETE_FAILED', afterCopy: 'failed' }),
    ];
    append(under.journal, ...owing.flatMap(story), ...story(completed(5, 'done', { afterCopy: 'done' })), gateChange('open'));
    pruneAll(under.journal, 2_001, nothingIsThere);
    assert.equal(under.journal.load().files, owing);
  });

  claim('numbers go on after everything was pruned', (under) => {
    for (let number = 1; number <= 5; number += 1) append(under.journal, ...story(completed(number, `f${number}`)));
    pruneAll(under.journal, 9_999, nothingIsThere);
    const reopened = under.reopen();
    assert.is(reopened.load().nextSeq, 11);
    append(reopened, transition(null, discovered(6, 'f6')));
    pruneAll(reopened, 9_999, nothingIsThere);
    assert.equal(ids(reopened), [sampleId(6)]);
  });

  claim('a fact about a file that was pruned brings it back', (under) => {
    append(under.journal, ...story(completed(1, 'a')), gateChange('open'));
    assert.is(pruneAll(under.journal, 2_001, nothingIsThere), 1);
    append(under.journal, fileFact(completed(1, 'a', { notes: ['seen again'] })));
    assert.equal(under.reopen().load().files, [completed(1, 'a', { notes: ['seen again'] })]);
  });

  claim('prune gets through thousands of files and long stories', (under) => {
    const count = 1_500;
    const records: Unnumbered[] = [];
    for (let number = 1; number <= count; number += 1) records.push(...story(failed(number, `f${number % 10}`, { left: null })));
    const long = completed(count + 1, 'long');
    records.push(...story(long), ...Array.from({ length: 3_000 }, () => fileFact(long)), gateChange('open'));
    append(under.journal, ...records);
    assert.is(pruneAll(under.journal, 2_001, nothingIsThere), count + 1);
    assert.equal(ids(under.journal), []);
  });

  claim('prune keeps facts of routes', (under) => {
    append(under.journal, routeFact('marker', { marker: 'm' }), gateChange('closed'), gateChange('open'), gateChange('closed'));
    const before = under.journal.load();
    pruneAll(under.journal, 9_999, nothingIsThere);
    assert.equal(under.reopen().load(), before);
  });
}
