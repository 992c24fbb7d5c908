import type { JournalRecord } from '@sluice/core';
import { type FileId, isEnded, ProgrammingError, type RouteName, type TrackedFile, unreachable } from '@sluice/core/model';
import type Database from 'better-sqlite3';
import { limits } from './limits.ts';
import { type EntryColumns, factChecksum } from './rows/checksum.ts';
import {
  countedRow,
  decodeFile,
  decodeName,
  encodeEntry,
  encodeEvent,
  encodeFile,
  encodeName,
  type FileRow,
  fileColumns,
  isPlainName,
} from './rows/codec.ts';
import { statusCodes } from './rows/status-codes.ts';
import { Tally } from './rows/tally.ts';
import { Words } from './rows/words.ts';
import { sqliteCode } from './unusable.ts';

type FileRecord = Extract<JournalRecord, { kind: 'transition' | 'file_fact' }>;

/**
 * Returns the `append` of the port. A batch that violates the journal's own rules (a number out of order, an id used twice, two
 * live files of one source) throws a ProgrammingError, because a retry would not help.
 */
export function prepareWriter(database: Database.Database): (records: readonly JournalRecord[]) => void {
  const files = new FileWriter(database);
  const writeEntry = prepareEntries(database, files);
  const newest = database.prepare('SELECT max(seq) AS seq FROM entries');
  const writeAll = database.transaction((records: readonly JournalRecord[]) => {
    let last = (newest.get() as { seq: number | null }).seq ?? 0;
    files.begin(records);
    for (const record of records) {
      // Numbers have no gaps, so that a lost or doubled record is noticed at once.
      if (record.seq !== last + 1) throw new ProgrammingError(`journal record ${record.seq} does not follow ${last}`);
      if (record.kind === 'transition' || record.kind === 'file_fact') files.take(record);
      last = record.seq;
    }
    // Before the entries, which refer to them. The row of a file is written once, however many records it has in this batch.
    files.write();
    for (const record of records) writeEntry(record);
  });
  return (records) => {
    try {
      writeAll(records);
      files.committed();
    } catch (error) {
      const broken = sqliteCode(error)?.startsWith('SQLITE_CONSTRAINT') === true ? brokenRule(error, files.usedId()) : error;
      files.forget();
      throw broken;
    }
  };
}

/** @param usedId an id of a new file that the journal has already. Null: none */
function brokenRule(error: unknown, usedId: FileId | null): ProgrammingError {
  const why = usedId === null ? (error instanceof Error ? error.message : String(error)) : `the tracked-file id ${usedId} is used already`;
  const refused = new ProgrammingError(`the journal refuses a record: ${why}`);
  refused.cause = error;
  return refused;
}

/** What the journal has about a file. */
interface Known {
  /** The number of its first entry. */
  readonly n: number;
  /** The number of a word. */
  readonly route: number;
  file: TrackedFile;
}

/** A file that a batch changes: as the journal has it, and as it will be. */
interface Change {
  readonly before: Known | null;
  readonly n: number;
  file: TrackedFile;
}

/** Live files by route and source. */
type LiveFiles = Map<RouteName, Map<string, FileId>>;

interface LiveRow {
  readonly id: FileId;
  readonly source: string;
}

const writerQueries = {
  known: `SELECT ${fileColumns} FROM files WHERE id = ?`,
  live: 'SELECT id, source FROM files INDEXED BY files_by_source WHERE source = ? AND route = ? AND ended_at IS NULL',
  /** The first parameter is a JSON array of names. */
  liveOfAll: `SELECT id, source FROM (SELECT value AS wanted FROM json_each(?)) CROSS JOIN files INDEXED BY files_by_source
    WHERE source = wanted AND route = +? AND ended_at IS NULL`,
  insert: `INSERT INTO files (${fileColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  /** Names no column of an index except that of the few unusual ends: SQLite writes every index whose column is named. */
  step: 'UPDATE files SET status = ?, size_bytes = ?, mtime_ns = ?, record = ?, crc = ? WHERE n = ?',
  update: `UPDATE files SET status = ?, size_bytes = ?, mtime_ns = ?, record = ?, crc = ?, discovered_at = ?, ended_at = ?,
    recovery_of = ?, recovered_by = ?, destination = ? WHERE n = ?`,
} as const;

type Statements = { readonly [Name in keyof typeof writerQueries]: Database.Statement };

/** Writes the rows of the files of one batch after another. */
class FileWriter {
  readonly words: Words;
  readonly #tally: Tally;
  readonly #statements: Statements;
  /** Live files that were written recently, oldest first. Only ended files are removed by others. */
  readonly #known = new Map<FileId, Known>();
  readonly #changes = new Map<FileId, Change>();
  /** Of the sources of files that begin in this batch: the live files that the journal has, and those that begin. */
  readonly #live: LiveFiles = new Map();

  constructor(database: Database.Database) {
    this.words = new Words(database);
    this.#tally = new Tally(database);
    const prepared = Object.entries(writerQueries).map(([name, sql]) => [name, database.prepare(sql)]);
    this.#statements = Object.fromEntries(prepared) as Statements;
  }

  /** Begins a batch. Asks for the live files of all sources of which a file begins in it, since a listing may find very many. */
  begin(records: readonly JournalRecord[]): void {
    const names = new Map<RouteName, string[]>();
    for (const record of records) {
      if (!begins(record)) continue;
      const { route, source } = record.file;
      const ofRoute = names.get(route);
      if (ofRoute === undefined) names.set(route, [encodeName(source)]);
      else ofRoute.push(encodeName(source));
    }
    for (const [route, sources] of names) this.#live.set(route, this.#liveOf(route, sources));
  }

  /** Adds a record to the batch. @throws ProgrammingError if it does not follow what the journal has */
  take(record: FileRecord): void {
    const { file, seq } = record;
    const change = this.#changes.get(file.id);
    if (change !== undefined) {
      assertFollows(record, change.file);
      change.file = file;
      return;
    }
    // An id that the journal has already is refused by its index when the row of the new file is inserted.
    const before = begins(record) ? (this.#known.get(file.id) ?? null) : this.#find(file.id);
    assertFollows(record, before?.file);
    if (before === null && !isEnded(file.status)) this.#assertOnlyLive(file);
    this.#changes.set(file.id, { before, n: before?.n ?? seq, file });
  }

  /** Returns the number of the first entry of a file in the batch. */
  numberOf(id: FileId): number {
    const change = this.#changes.get(id);
    if (change === undefined) throw new ProgrammingError(`tracked file ${id} is not in the batch`);
    return change.n;
  }

  /** Returns an id of a file that begins in the refused batch although the journal has it. Null: there is none. */
  usedId(): FileId | null {
    for (const { before, file } of this.#changes.values()) if (before === null && this.#find(file.id) !== null) return file.id;
    return null;
  }

  write(): void {
    for (const change of this.#changes.values()) this.#put(change);
    this.#tally.write();
  }

  committed(): void {
    for (const { file, n, before } of this.#changes.values()) {
      if (before !== null) this.#known.delete(file.id);
      if (isEnded(file.status)) continue;
      const known = before ?? { n, route: this.words.take(file.route), file };
      known.file = file;
      this.#known.set(file.id, known);
    }
    this.#clearBatch();
    if (this.#known.size <= limits.knownFiles) return;
    for (const id of this.#known.keys()) {
      this.#known.delete(id);
      if (this.#known.size <= limits.knownFiles) return;
    }
  }

  /** Forgets everything after the batch was refused, so that no row of it is in the journal. */
  forget(): void {
    this.#known.clear();
    this.#clearBatch();
    this.#tally.forget();
    this.words.forget();
  }

  #clearBatch(): void {
    this.#changes.clear();
    this.#live.clear();
  }

  #find(id: FileId): Known | null {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const row = this.#statements.known.get(id) as FileRow | undefined;
    return row === undefined ? null : { n: row.n, route: row.route, file: decodeFile(row, this.words) };
  }

  /** A source has one live file: a recovery begins when the attempt before it has ended. */
  #assertOnlyLive({ id, route, source }: TrackedFile): void {
    const live = this.#live.get(route);
    const other = live?.get(source);
    const isLive = other !== undefined && !isEnded(this.#changes.get(other)?.file.status ?? 'READY');
    if (isLive) throw new ProgrammingError(`two live files for ${source}: ${other} and ${id}`);
    live?.set(source, id);
  }

  /** @param names as they are stored */
  #liveOf(route: RouteName, names: readonly string[]): Map<string, FileId> {
    const word = this.words.find(route);
    if (word === null) return new Map();
    const { live, liveOfAll } = this.#statements;
    const rows = liveOfAll.all(JSON.stringify(names.filter(isPlainName)), word) as LiveRow[];
    for (const name of names) if (!isPlainName(name)) rows.push(...(live.all(name, word) as LiveRow[]));
    return new Map(rows.map(({ id, source }) => [decodeName(source), id]));
  }

  #put({ before, n, file }: Change): void {
    const row = encodeFile(file, n, before?.route ?? this.words.take(file.route));
    this.#tally.add(countedRow(row));
    if (before === null) this.#insert(row);
    else {
      const { route, file: was } = before;
      this.#tally.remove(countedRow({ route, status: statusCodes[was.status], recovered_by: was.recoveredBy }));
      this.#update(row, isSameButForSteps(file, was));
    }
  }

  #insert(row: FileRow): void {
    const { n, id, route, status, size_bytes, discovered_at, ended_at, mtime_ns, recovery_of, recovered_by } = row;
    const { source, destination, record, crc } = row;
    const found = [n, id, route, status, size_bytes, discovered_at, ended_at, mtime_ns] as const;
    this.#statements.insert.run(...found, recovery_of, recovered_by, source, destination, record, crc);
  }

  #update(row: FileRow, isStep: boolean): void {
    const { n, status, size_bytes, mtime_ns, record, crc } = row;
    if (isStep) this.#statements.step.run(status, size_bytes, mtime_ns, record, crc, n);
    else {
      const { discovered_at, ended_at, recovery_of, recovered_by, destination } = row;
      const others = [discovered_at, ended_at, recovery_of, recovered_by, destination] as const;
      this.#statements.update.run(status, size_bytes, mtime_ns, record, crc, ...others, n);
    }
  }
}

/** Returns whether the columns that `step` leaves alone are the same. */
function isSameButForSteps(file: TrackedFile, was: TrackedFile): boolean {
  return (
    file.endedAt === was.endedAt &&
    file.destination === was.destination &&
    file.recoveryOf === was.recoveryOf &&
    file.recoveredBy === was.recoveredBy &&
    file.discoveredAt === was.discoveredAt
  );
}

/** Returns whether a record is the first one of its file. */
function begins(record: JournalRecord): record is Extract<JournalRecord, { kind: 'transition' }> {
  return record.kind === 'transition' && record.from === null;
}

/**
 * An id stands for one attempt of one source file, and its states follow each other without a gap. Only ended files are pruned,
 * and a fact about one may be recorded again.
 */
function assertFollows(record: FileRecord, before: TrackedFile | undefined): void {
  const gap = gapBefore(record, before);
  if (gap !== null) throw new ProgrammingError(gap);
}

function gapBefore(record: FileRecord, before: TrackedFile | undefined): string | null {
  const { file } = record;
  const from = record.kind === 'transition' ? record.from : file.status;
  if (record.kind === 'transition' && record.to !== file.status) return `record ${record.seq} says ${record.to} of a ${file.status} file`;
  if (before === undefined) return from === null || isEnded(from) ? null : `tracked file ${file.id} (${from}) is not in the journal`;
  if (from === null) return `the tracked-file id ${file.id} is used already`;
  if (before.status !== from) return `tracked file ${file.id} is ${before.status} in the journal, not ${from}`;
  return before.route === file.route && before.source === file.source ? null : `the id ${file.id} is another file's`;
}

/** Returns a function that writes an entry: a row of `entries`, and a row in the table of what it is a fact about. */
function prepareEntries(database: Database.Database, files: FileWriter): (record: JournalRecord) => void {
  const entry = database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const fact = database.prepare('INSERT OR REPLACE INTO route_facts VALUES (?, ?, ?, ?, ?, ?, ?)');
  const gate = database.prepare('INSERT INTO gates VALUES (?, ?, ?, ?, ?, ?)');

  return (record) => {
    switch (record.kind) {
      case 'transition':
      case 'file_fact':
        writeOfFile(record);
        return;
      case 'route_fact':
        writeFact(record);
        return;
      case 'gate':
        writeGate(record);
        return;
      default:
        unreachable(record);
    }
  };

  function writeOfFile(record: FileRecord): void {
    const { seq, at, kind, event, file } = record;
    const [from_status, to_status] = record.kind === 'transition' ? [record.from, record.to] : [null, null];
    const [what, detail] = encodeEvent(event);
    write({ seq, at, kind, route: file.route, file_id: file.id, event: what, from_status, to_status, detail }, files.numberOf(file.id));
  }

  function writeFact({ seq, at, kind, route, key, event }: Extract<JournalRecord, { kind: 'route_fact' }>): void {
    const [what, detail] = encodeEvent(event);
    write({ seq, at, kind, route, file_id: null, event: what, from_status: null, to_status: null, detail }, null);
    fact.run(route, key, seq, at, what, detail, factChecksum(seq, at, route, what, detail));
  }

  function writeGate({ seq, at, kind, route, event }: Extract<JournalRecord, { kind: 'gate' }>): void {
    const [what, detail] = encodeEvent(event);
    write({ seq, at, kind, route, file_id: null, event: what, from_status: null, to_status: null, detail }, null);
    const state = event.kind === 'gate_opened' ? 'open' : 'closed';
    gate.run(seq, at, route, state, detail, factChecksum(seq, at, route, state, detail));
  }

  function write(sealed: EntryColumns, fileNumber: number | null): void {
    const { seq, at, file, route, event, from_status, to_status, detail, crc } = encodeEntry(sealed, fileNumber, files.words);
    entry.run(seq, at, file, route, event, from_status, to_status, detail, crc);
  }
}
