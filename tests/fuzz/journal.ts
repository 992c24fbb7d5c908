import { copyFileSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { fileId } from '@sluice/core/model';
import { type JournalReader, openJournal, openReader, type WritableJournal } from '@sluice/persistence';
import { completed, failed, idOf, ready, writerOf } from '../../packages/persistence/test/support/records.ts';

/** The files of a journal that a killed agent left behind. */
export interface Parts {
  readonly db: Buffer;
  readonly wal: Buffer;
  readonly shm: Buffer;
}

/** The names of the parts. */
export const parts: readonly (keyof Parts)[] = ['db', 'wal', 'shm'];

/** What a journal contains, for commands and for an agent that starts on it. */
export interface Said {
  readonly answers: string;
  readonly image: string;
}

const beforeTheLog = 120;
const inTheLog = 4;

/** @returns a journal with a log, and what it contains after each commit of the log, from before the first to the last */
export function makeJournal(folder: string): { readonly files: Parts; readonly states: readonly Said[] } {
  const path = join(folder, 'journal.db');
  const journal = openJournal({ path, now: () => 0 });
  journal.noteMachine({ id: 'machine-1', name: 'ingest' });
  journal.noteChild({ pid: 4_000_000, bootId: 'boot-1', startTime: '1234', kind: 'carrier' }, 0);
  journal.database.pragma('wal_autocheckpoint = 0');
  const write = writerOf(journal);
  write.routeFact({ kind: 'destination_known', destination: '/mnt/nas', marker: 'marker-1' } as never);
  for (let number = 1; number <= beforeTheLog; number += 1) writeFile(write, number);
  write.gate('open', 3_000);
  journal.database.pragma('wal_checkpoint(TRUNCATE)');
  const ends = [0];
  for (let number = beforeTheLog + 1; number <= beforeTheLog + inTheLog; number += 1) {
    write.file(completed(number, `late/${number}.mxf`));
    ends.push(statSync(`${path}-wal`).size);
  }
  const files: Parts = { db: readFileSync(path), wal: readFileSync(`${path}-wal`), shm: readFileSync(`${path}-shm`) };
  const states = ends.map((end, at) => {
    const copy = join(folder, `state-${at}.db`);
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    truncateSync(`${copy}-wal`, end);
    return said(copy);
  });
  journal.close();
  return { files, states };
}

function writeFile(write: ReturnType<typeof writerOf>, number: number): void {
  const source = `day${number % 7}/clip ${number}.mxf`;
  const endedAt = 2_000 + number;
  if (number % 5 === 0)
    write.file(failed(number, source, { endedAt, recoveredBy: idOf(number + 1), left: number % 2 === 0 ? source : null }));
  else if (number % 7 === 0) write.file(ready(number, source));
  else write.file(completed(number, source, { endedAt, leftParts: number % 3 === 0 ? [`.${number}.part`] : [] }));
  if (number % 30 === 0) write.gate('closed', 1_000 + number);
  if (number % 40 === 0) write.gate('open', 1_000 + number);
}

function said(path: string): Said {
  const reader = openReader({ path });
  const answers = answersOf(reader);
  reader.close();
  const journal = openJournal({ path, now: () => 0 });
  const image = imageOf(journal);
  journal.close();
  return { answers, image };
}

/** Returns the answers to every query of the commands, one on each line. */
export function answersOf(reader: JournalReader): string {
  const page = { since: 0, limit: 1_000, before: null };
  const [, , file] = reader.files({ endedSince: null, limit: 3 }).files;
  return [
    reader.files({ endedSince: null, limit: 5_000 }),
    reader.files({ endedSince: 2_050, limit: 50, statuses: ['FAILED', 'READY'], route: 'ingest' }),
    reader.past(page),
    reader.ended(page),
    reader.file(idOf(17)),
    reader.find('*.mxf', 500),
    reader.find('day3/clip 10.mxf', 5),
    reader.findExact(fileId('0000001'), 20),
    reader.findEnded('day1/*', page),
    reader.timeline(file?.id ?? idOf(1)),
    reader.timeline(idOf(33)),
    reader.lineage('ingest', 'day2/clip 16.mxf'),
    reader.outages(0),
    reader.counts('ingest'),
    reader.recovered('ingest'),
    reader.lastGate('ingest'),
    reader.records({ before: null, limit: 5_000 }),
  ]
    .map((answer) => JSON.stringify(answer))
    .join('\n');
}

/** Returns everything that a starting agent loads from a journal. */
export function imageOf(journal: WritableJournal): string {
  const { nextSeq, files, routeFacts, usedNames } = journal.load();
  return [journal.agentId, journal.machine(), journal.earlierChildren(), journal.newestAt(), nextSeq, files, routeFacts, usedNames]
    .map((answer) => JSON.stringify(answer))
    .join('\n');
}
