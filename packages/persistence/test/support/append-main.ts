// Appends batch after batch and never ends by itself. Writes a line to standard output when it begins to open the journal, `0`, and
// whenever a batch is acknowledged, its last number.
import { writeSync } from 'node:fs';
import module from 'node:module';
import { argv } from 'node:process';
import type { JournalRecord } from '@sluice/core';
import type { TrackedFile } from '@sluice/core/model';
import { openJournal } from '../../src/journal.ts';
import { completed, failed, idOf, ready } from './records.ts';

const [path = '', largest = '40'] = argv.slice(2);
// The process is killed. Without this call, the code it compiled would not be kept for the next one. Deno has no such cache.
if (!('Deno' in globalThis)) module.flushCompileCache();
writeSync(1, '0\n');
const journal = openJournal({ path, now: () => 0 });
// Often enough for some kills to hit a checkpoint.
journal.database.pragma('wal_autocheckpoint = 16');

let { nextSeq } = journal.load();
for (;;) {
  const batch = batchFrom(nextSeq, 1 + ((nextSeq * 7) % Number(largest)));
  journal.append(batch);
  nextSeq += batch.length;
  writeSync(1, `${nextSeq - 1}\n`);
}

/**
 * Returns files that are found, become ready and end, or fail. Each record knows its batch (`hash`) and how many records that has
 * (`bytes`).
 */
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
    const event = { kind: 'copied', hash: String(first), bytes: size } as const;
    records.push({ kind: 'transition', seq, at: seq, event, from, to: file.status, file });
  }
  return records;
}

function discovered(number: number, source: string): TrackedFile {
  const { growing: _g, networkTries: _n, movedAt: _m, hold: _h, retryAt: _r, ...common } = ready(number, source);
  return { ...common, id: idOf(number), status: 'DISCOVERED', growth: { since: 0, movedAt: 0, roseFrom: null, roseTimes: 0, roseAt: 0 } };
}
