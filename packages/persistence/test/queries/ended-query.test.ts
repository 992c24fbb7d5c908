import type { EndedBrief } from '@sluice/lists';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal } from '../../src/journal.ts';
import { type JournalReader, openReader, readerOf } from '../../src/queries/queries.ts';
import { withPath } from '../support/folder.ts';
import { completed, failed, idOf, ready, route, type TestWriter, writerOf } from '../support/records.ts';

function withReader(work: (reader: Pick<JournalReader, 'ended' | 'file'>, write: TestWriter, path: string) => void): () => void {
  return withPath((path) => {
    const journal = openJournal({ path, now: () => 0 });
    journal.database.pragma('synchronous = OFF');
    work(readerOf(journal.database), writerOf(journal), path);
    journal.close();
  });
}

const numbers = (files: readonly EndedBrief[]): number[] => files.map(({ id }) => Number.parseInt(id.slice(0, 8), 16));

test(
  'ended: newest end first, in parts; files that ended at the same moment by their id',
  withReader((reader, write) => {
    const ends = [5_000, 9_000, 9_000, 7_000, 9_000, 4_999];
    ends.forEach((endedAt, index) => write.file(completed(index + 1, `${index}`, { endedAt })));
    write.file(ready(7, 'live'));
    assert.equal(numbers(reader.ended({ since: 5_000, before: null, limit: 100 })), [5, 3, 2, 4, 1]);
    const inPieces: number[] = [];
    for (let before: { endedAt: number; id: string } | null = null; ; ) {
      const piece: EndedBrief[] = reader.ended({ since: 0, before, limit: 2 });
      inPieces.push(...numbers(piece));
      before = piece.at(-1) ?? null;
      if (before === null) break;
    }
    assert.equal(inPieces, [5, 3, 2, 4, 1, 6]);
  }),
);

test(
  'ended: has in brief everything that a list needs, with unchanged names',
  withReader((reader, write) => {
    const source = 'a\ud800b\n.mxf';
    write.file(failed(1, source, { endedAt: 8_000, recoveredBy: idOf(2), recoveryOf: idOf(3), destination: `${source}_1` }));
    assert.equal(reader.ended({ since: 0, before: null, limit: 9 }), [
      {
        id: idOf(1),
        route,
        source,
        destination: `${source}_1`,
        status: 'FAILED',
        sizeBytes: 5_368_709_120,
        discoveredAt: 1_790_000_000_000,
        endedAt: 8_000,
        recoveryOf: idOf(3),
        recoveredBy: idOf(2),
      },
    ]);
  }),
);

test(
  'file: finds a whole id; for a missing id it is null, not a similar one',
  withReader((reader, write, path) => {
    write.file(completed(1, 'a.mxf'));
    assert.is(reader.file(idOf(1))?.source, 'a.mxf');
    assert.is(reader.file(idOf(2)), null);
    assert.is(reader.file('00000001'), null);
    assert.is(reader.file('a.mxf'), null);
    const other = openReader({ path });
    assert.is(other.file(idOf(1))?.id, idOf(1));
    assert.is(other.ended({ since: 0, before: null, limit: 9 }).length, 1);
    other.close();
  }),
);

test.run();
