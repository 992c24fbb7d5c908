// Appends batch after batch, says the last number of each on standard output once it is acknowledged, and never ends by itself.
import { writeSync } from 'node:fs';
import { argv } from 'node:process';
import type { JournalRecord, TrackedFile } from '@sluice/core';
import { openJournal } from '../../src/mod.ts';
import { completed, failed, idOf, ready } from './records.ts';

const [path = '', largest = '40'] = argv.slice(2);
const journal = openJournal({ path, now: () => 0 });
// Often enough for some kills to hit one.
journal.database.pragma('wal_autocheckpoint = 16');

let { nextSeq } = journal.load();
for (;;) {
  const batch = batchFrom(nextSeq, 1 + ((nextSeq * 7) % Number(largest)));
  journal.append(batch);
  nextSeq += batch.length;
  writeSync(1, `${nextSeq - 1}\n`);
}

/** Files that are seen, get ready and end, or fail; each record knows its batch and how many it has. */
function batchFrom(first: number, size: number): JournalRecord[] {
  const records: JournalRecord[] = [];
  for (let index = 0; index < size; index += 1) {
    const seq = first + index;
    const number = Math.floor((seq - 1) / 3) + 1;
    const source = `day/${number}.mxf`;
    const end = number % 2 === 0 ? completed(number, source) : failed(number, source);
    const steps: readonly TrackedFile[] = [discovered(number, source), ready(number, source), end];
    const file = steps[(seq - 1) % 3] as TrackedFile;
    const from = steps[((seq - 1) % 3) - 1]?.status ?? null;
    records.push({ kind: 'transition', seq, at: seq, event: 'sample', from, to: file.status, detail: { first, size }, file });
  }
  return records;
}

function discovered(number: number, source: string): TrackedFile {
  const { growing: _g, networkTries: _n, movedAt: _m, hold: _h, retryAt: _r, ...common } = ready(number, source);
  return { ...common, id: idOf(number), status: 'DISCOVERED', growth: { movedAt: 0, roseFrom: null, roseTimes: 0, roseAt: 0 } };
}
