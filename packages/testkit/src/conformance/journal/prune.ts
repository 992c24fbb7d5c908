import * as assert from 'uvu/assert';
import type { PrunableJournal } from '../../memory-journal.ts';
import { append, type Claim } from './claim.ts';
import { newestFiles } from './files.ts';
import {
  completed,
  discovered,
  failed,
  fileFact,
  gateChange,
  known,
  ready,
  removed,
  routeFact,
  sampleId,
  sampleRoute,
  story,
  transition,
  type Unnumbered,
} from './samples.ts';

const everythingIsThere = (): boolean => true;
const nothingIsThere = (): boolean => false;

function ids(journal: PrunableJournal): string[] {
  return newestFiles(journal, sampleRoute).map((file) => file.id);
}

/** Prunes until the journal reports that it is done. If it never did, the agent would loop endlessly. */
function pruneAll(journal: PrunableJournal, before: number, isAtSource: (route: string, source: string) => boolean): number {
  let files = 0;
  for (let calls = 0; calls < 1_000; calls += 1) {
    const pruned = journal.prune({ before, isAtSource });
    files += pruned.files;
    if (pruned.isDone) return files;
  }
  throw new Error('prune is never done');
}

/** Tests of pruning. */
export function pruning(claim: Claim): void {
  claim('prune removes old attempts, and keeps the newest while it is at the source', (under) => {
    append(under.journal, ...story(failed(1, 'a')), ...story(failed(2, 'a')), ...story(completed(3, 'a')), gateChange('open'));
    const { nextSeq } = under.journal.load();
    assert.is(pruneAll(under.journal, 2_001, everythingIsThere), 2);
    assert.is(pruneAll(under.journal, 2_001, everythingIsThere), 0);
    const reopened = under.reopen();
    assert.equal(newestFiles(reopened, sampleRoute), [completed(3, 'a')]);
    assert.is(reopened.ended.ownerOf(sampleRoute, 'a'), sampleId(3));
    assert.is(reopened.load().nextSeq, nextSeq);
  });

  claim('prune removes the newest attempt of a file that has left the source', (under) => {
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

  claim('prune keeps young files, to the millisecond, and live files', (under) => {
    append(under.journal, ...story(completed(1, 'old', { endedAt: 1_999 })), ...story(completed(2, 'young', { endedAt: 2_000 })));
    append(under.journal, ...story(ready(3, 'live', { discoveredAt: 1 })), gateChange('open'));
    assert.is(pruneAll(under.journal, 2_000, nothingIsThere), 1);
    assert.equal(ids(under.journal), [sampleId(2), sampleId(3)]);
  });

  claim('prune keeps a file that still has work to do', (under) => {
    const owing = [
      failed(1, 'parts', { leftParts: ['.p.part'] }),
      failed(2, 'marks', { toMark: [{ from: 'a', to: 'b', leastBytes: 1 }] }),
      completed(3, 'pending', { afterCopy: 'pending' }),
      completed(4, 'refused', { status: 'COMPLETED_DELETE_FAILED', afterCopy: 'failed' }),
      failed(6, 'leftover', { leftovers: [{ name: 'leftover', attempt: sampleId(6), failedAt: 1_000, leastBytes: 1 }] }),
      completed(7, 'replaced', {
        destination: 'replaced_1',
        sourceGone: true,
        leftovers: [{ name: 'replaced', attempt: sampleId(6), failedAt: 1_000, leastBytes: 1 }],
      }),
    ];
    append(under.journal, ...owing.flatMap(story), ...story(completed(5, 'done', { afterCopy: 'done' })), gateChange('open'));
    pruneAll(under.journal, 2_001, nothingIsThere);
    assert.equal(under.journal.load().files, owing);
  });

  claim('prune finishes with thousands of files and long timelines', (under) => {
    const count = 1_500;
    const records: Unnumbered[] = [];
    for (let number = 1; number <= count; number += 1) records.push(...story(failed(number, `f${number % 10}`, { left: null })));
    const long = completed(count + 1, 'long');
    records.push(...story(long), ...Array.from({ length: 3_000 }, () => fileFact(long)), gateChange('open'));
    append(under.journal, ...records);
    assert.is(pruneAll(under.journal, 2_001, nothingIsThere), count + 1);
    assert.equal(ids(under.journal), []);
  });

  claim('prune keeps the facts of routes', (under) => {
    append(under.journal, routeFact(known), gateChange('closed'), gateChange('open'), gateChange('closed'));
    const before = under.journal.load();
    pruneAll(under.journal, 9_999, nothingIsThere);
    assert.equal(under.reopen().load(), before);
  });
}

/** Tests of appending to a journal that was pruned. */
export function appendingAfterPruning(claim: Claim): void {
  claim('numbers continue after everything was pruned', (under) => {
    for (let number = 1; number <= 5; number += 1) append(under.journal, ...story(completed(number, `f${number}`)));
    pruneAll(under.journal, 9_999, nothingIsThere);
    const reopened = under.reopen();
    assert.is(reopened.load().nextSeq, 11);
    append(reopened, transition(null, discovered(6, 'f6')));
    pruneAll(reopened, 9_999, nothingIsThere);
    assert.equal(ids(reopened), [sampleId(6)]);
  });

  claim('a fact about a pruned file restores the file', (under) => {
    append(under.journal, ...story(completed(1, 'a')), gateChange('open'));
    assert.is(pruneAll(under.journal, 2_001, nothingIsThere), 1);
    append(under.journal, fileFact(completed(1, 'a', { notes: [{ kind: 'source_removed' }] })));
    assert.equal(newestFiles(under.reopen(), sampleRoute), [completed(1, 'a', { notes: [{ kind: 'source_removed' }] })]);
  });
}
