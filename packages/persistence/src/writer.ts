import type { JournalRecord } from '@sluice/core';
import { assert, isEnded, ProgrammingError } from '@sluice/core/model';
import type Database from 'better-sqlite3';
import { type EntryColumns, entryChecksum, factChecksum } from './rows/checksum.ts';
import { encodeEvent, encodeFile, encodeName } from './rows/codec.ts';
import { sqliteCode } from './unusable.ts';

type FileRecord = Extract<JournalRecord, { kind: 'transition' | 'file_fact' }>;

/** What the journal has of a file before a record is written. */
interface Stored {
  readonly route: string;
  readonly source: string;
  readonly status: string;
}

/**
 * @returns the `append` of the port. What breaks the journal's own rules (a number out of turn, an id used twice, two live
 * files of one source) throws a ProgrammingError: asking again would not help.
 */
export function prepareWriter(database: Database.Database): (records: readonly JournalRecord[]) => void {
  const newest = database.prepare('SELECT max(seq) AS seq FROM entries');
  const writeOne = prepareRecord(database);
  const writeAll = database.transaction((records: readonly JournalRecord[]) => {
    let last = (newest.get() as { seq: number | null }).seq ?? 0;
    for (const record of records) {
      // Numbers go on without a gap, so that a lost or doubled record is noticed at once.
      assert(record.seq === last + 1, `journal record ${record.seq} does not follow ${last}`);
      writeOne(record);
      last = record.seq;
    }
  });
  return (records) => {
    try {
      writeAll(records);
    } catch (error) {
      throw sqliteCode(error)?.startsWith('SQLITE_CONSTRAINT') === true ? brokenRule(error) : error;
    }
  };
}

function brokenRule(error: unknown): ProgrammingError {
  const refused = new ProgrammingError(`the journal refuses a record: ${error instanceof Error ? error.message : String(error)}`);
  refused.cause = error;
  return refused;
}

function prepareRecord(database: Database.Database): (record: JournalRecord) => void {
  const entry = database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const stored = database.prepare('SELECT route, source, status FROM files WHERE id = ?');
  const file = database.prepare(`
    INSERT INTO files VALUES (@id, @route, @source, @destination, @status, @is_ended, @seq, @discovered_at, @ended_at,
      @recovery_of, @recovered_by, @has_left, @size_bytes, @record, @crc)
    ON CONFLICT (id) DO UPDATE SET destination = excluded.destination, status = excluded.status,
      is_ended = excluded.is_ended, ended_at = excluded.ended_at, recovery_of = excluded.recovery_of,
      recovered_by = excluded.recovered_by, has_left = excluded.has_left, size_bytes = excluded.size_bytes,
      record = excluded.record, crc = excluded.crc`);
  const fact = database.prepare('INSERT OR REPLACE INTO route_facts VALUES (?, ?, ?, ?, ?, ?, ?)');
  const gate = database.prepare('INSERT INTO gates VALUES (?, ?, ?, ?, ?, ?)');

  return (record) => {
    switch (record.kind) {
      case 'transition':
      case 'file_fact':
        writeFile(record);
        return;
      case 'route_fact':
        writeFact(record);
        return;
      case 'gate':
        writeGate(record);
    }
  };

  function writeFile(record: FileRecord): void {
    const [from, to] = record.kind === 'transition' ? [record.from, record.to] : [null, null];
    const { id, route } = record.file;
    assertFollows(record, stored.get(id) as Stored | undefined);
    file.run({ ...encodeFile(record.file), seq: record.seq });
    const [kind, detail] = encodeEvent(record.event);
    writeEntry({
      seq: record.seq,
      at: record.at,
      kind: record.kind,
      route,
      file_id: id,
      event: kind,
      from_status: from,
      to_status: to,
      detail,
    });
  }

  function writeFact({ seq, at, kind, route, key, event }: Extract<JournalRecord, { kind: 'route_fact' }>): void {
    const [what, detail] = encodeEvent(event);
    writeEntry({ seq, at, kind, route, file_id: null, event: what, from_status: null, to_status: null, detail });
    fact.run(route, key, seq, at, what, detail, factChecksum(seq, at, route, what, detail));
  }

  function writeGate(record: Extract<JournalRecord, { kind: 'gate' }>): void {
    const { seq, at, route, event } = record;
    const [what, detail] = encodeEvent(event);
    writeEntry({ seq, at, kind: 'gate', route, file_id: null, event: what, from_status: null, to_status: null, detail });
    const state = event.kind === 'gate_opened' ? 'open' : 'closed';
    gate.run(seq, at, route, state, detail, factChecksum(seq, at, route, state, detail));
  }

  function writeEntry(row: EntryColumns): void {
    const { seq, at, kind, route, file_id, event, from_status, to_status, detail } = row;
    entry.run(seq, at, kind, route, file_id, event, from_status, to_status, detail, entryChecksum(row));
  }
}

/** An id is one attempt of one source file, and its story has no holes. What is pruned is ended, and may be noted again. */
function assertFollows(record: FileRecord, before: Stored | undefined): void {
  const { file } = record;
  const from = record.kind === 'transition' ? record.from : file.status;
  if (record.kind === 'transition') assert(record.to === file.status, `record ${record.seq} says ${record.to} of a ${file.status} file`);
  if (from === null) assert(before === undefined, `the tracked-file id ${file.id} is used already`);
  else if (before === undefined) assert(isEnded(from), `tracked file ${file.id} (${from}) is not in the journal`);
  if (before === undefined) return;
  assert(before.status === from, `tracked file ${file.id} is ${before.status} in the journal, not ${from}`);
  assert(before.route === file.route && before.source === encodeName(file.source), `the id ${file.id} is another file's`);
}
