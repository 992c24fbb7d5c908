import type { FileEvent, GateEvent, JournalImage, JournalRecord } from '@sluice/core';
import type { Status, TrackedFile } from '@sluice/core/model';
import { type EndedBrief } from '@sluice/lists';
import type Database from 'better-sqlite3';
import { limits } from '../limits.ts';
import { type OpenOptions, openForReading } from '../open/open.ts';
import {
  assertFact,
  decodeEntry,
  decodeEvent,
  decodeFile,
  type EntryRow,
  encodeName,
  type FactColumns,
  type FileRow,
} from '../rows/codec.ts';
import { routeFacts } from '../rows/image.ts';
import { countsOf, recoveredOf } from '../rows/tally.ts';
import { Words } from '../rows/words.ts';
import { guarded } from '../unusable.ts';
import { type EndedQuery, endedReader, newest } from './ended-query.ts';
import { type FilePage, type FileQuery, filesQuery, journalQueries, type PastQuery } from './file-queries.ts';
import { type Filtered, type FilteredQuery, filteredPast } from './filtered-query.ts';
import { existsQuery, findEndedQuery, findQuery, type Reading, readingsOf } from './find-queries.ts';
import { type RecordQuery, readRecords } from './log-query.ts';

/** One entry of a file's timeline. Facts have no `to`. */
export interface TimelineEntry {
  readonly seq: number;
  readonly at: number;
  readonly from: Status | null;
  readonly to: Status | null;
  readonly event: FileEvent;
}

/** A time in which a destination was offline. */
export interface Outage {
  readonly route: string;
  readonly since: number;
  readonly until: number | null;
  /** The last cause that was known. */
  readonly closed: Closed;
}

type Closed = Extract<GateEvent, { kind: 'gate_closed' }>;

/** A row of `gates`. */
export interface GateRow {
  readonly state: 'open' | 'closed';
  readonly at: number;
}

/** The queries of a journal, next to its writer or without one. Results are newest first, unless stated otherwise. */
export interface JournalReader {
  /** Returns a page of files, by when they were found. */
  files(query: FileQuery): FilePage;
  /** Returns ended files, by when they ended. */
  past(query: PastQuery): TrackedFile[];
  /** Returns ended files in brief, by when they ended. */
  ended(query: EndedQuery): EndedBrief[];
  /** Returns the file with this id, or null if the journal has none, or no longer. */
  file(id: string): TrackedFile | null;
  /** Finds files by id, a prefix of an id, a name, a path or a glob. */
  find(text: string, limit: number): TrackedFile[];
  /** Finds files by id, a prefix of an id, or a whole path, which is never slow: no name has to be compared. */
  findExact(text: string, limit: number): TrackedFile[];
  /**
   * Returns ids of files whose path consists of a folder and one of these names. It finds what `find` finds for a name without
   * wildcards, and is as fast for a thousand names as for one. If there are more than `limit`, it returns any of them.
   */
  findNamed(names: readonly string[], limit: number): string[];
  /** Returns a page of the ended files that `find` finds, by when they ended. */
  findEnded(text: string, query: PastQuery): TrackedFile[];
  /** Returns a page of the ended files that match a filter of the screen, and sums of what was copied. It reads all files. */
  filtered(query: FilteredQuery): Filtered;
  /** Returns the timeline of a file, oldest first. */
  timeline(fileId: string): TimelineEntry[];
  /** Returns all attempts for one source file, oldest first. */
  lineage(route: string, source: string): TrackedFile[];
  /** Returns the outages that lasted beyond this moment, in milliseconds since the epoch. */
  outages(since: number): Outage[];
  /** Returns how many files of the journal are in each state. */
  counts(route: string): Record<Status, number>;
  /** Returns the number of FAILED files that have a recovery. */
  recovered(route: string): number;
  lastGate(route: string): GateRow | null;
  /** Returns the facts of all routes, such as settings and the marker of a destination, including routes that are not configured any more. */
  routeFacts(): JournalImage['routeFacts'];
  /** Returns records, newest first, from any moment backwards. */
  records(query: RecordQuery): JournalRecord[];
  close(): void;
}

/** Opens a journal for queries. @throws JournalUnusable; so do its queries */
export function openReader(options: OpenOptions): JournalReader {
  const database = openForReading(options);
  const reader = readerOf(database);
  const ask = <Answer>(question: () => Answer): Answer => guarded(options.path, question);
  return {
    files: (query) => ask(() => reader.files(query)),
    past: (query) => ask(() => reader.past(query)),
    ended: (query) => ask(() => reader.ended(query)),
    file: (id) => ask(() => reader.file(id)),
    find: (text, limit) => ask(() => reader.find(text, limit)),
    findExact: (text, limit) => ask(() => reader.findExact(text, limit)),
    findNamed: (names, limit) => ask(() => reader.findNamed(names, limit)),
    findEnded: (text, query) => ask(() => reader.findEnded(text, query)),
    filtered: (query) => ask(() => reader.filtered(query)),
    timeline: (fileId) => ask(() => reader.timeline(fileId)),
    lineage: (route, source) => ask(() => reader.lineage(route, source)),
    outages: (since) => ask(() => reader.outages(since)),
    counts: (route) => ask(() => reader.counts(route)),
    recovered: (route) => ask(() => reader.recovered(route)),
    lastGate: (route) => ask(() => reader.lastGate(route)),
    routeFacts: () => ask(() => reader.routeFacts()),
    records: (query) => ask(() => reader.records(query)),
    close: () => void database.close(),
  };
}

/** Returns the same queries on a connection that is open already. */
export function readerOf(database: Database.Database): Omit<JournalReader, 'close'> {
  const words = new Words(database);
  const decodeAll = (rows: unknown[]): TrackedFile[] => (rows as FileRow[]).map((row) => decodeFile(row, words));
  const answering: Answering = { database, words, decodeAll };
  // A screen needs these hundreds of times for one picture.
  const ended = once(() => endedReader(database));
  const byId = once(() => database.prepare(journalQueries.byId));
  const attempts = once(() => database.prepare(journalQueries.lineage));
  return {
    files: (query) => files(answering, query),
    past: ({ since, limit, before }) => {
      const from = before ?? newest;
      return decodeAll(database.prepare(journalQueries.past).all(since, from.endedAt, from.id, limit));
    },
    ended: (query) => ended()(query),
    file: (id) => decodeAll(byId().all(id))[0] ?? null,
    find: (text, limit) => find(answering, readingsOf(text), limit),
    findExact: (text, limit) =>
      find(
        answering,
        readingsOf(text).filter(({ isPattern }) => !isPattern),
        limit,
      ),
    findNamed: (names, limit) => findNamed(database, names, limit),
    findEnded: (text, query) => findEnded(answering, text, query),
    filtered: (query) => filteredPast(database, query),
    timeline: (fileId) => timeline(answering, fileId),
    lineage: (route, source) => {
      const word = words.find(route);
      return word === null ? [] : decodeAll(attempts().all(encodeName(source), word));
    },
    outages: (since) => outages(database, since),
    counts: (route) => countsOf(database, words.find(route)),
    recovered: (route) => recoveredOf(database, words.find(route)),
    records: (query) => readRecords(database, query),
    lastGate: (route) => lastGate(database, route),
    routeFacts: () => routeFacts(database),
  };
}

/** What the queries use. */
interface Answering {
  readonly database: Database.Database;
  readonly words: Words;
  readonly decodeAll: (rows: unknown[]) => TrackedFile[];
}

/** Prepared when it is needed: a journal that cannot be read reports that to each query. */
function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => (made ??= make());
}

function files({ database, words, decodeAll }: Answering, query: FileQuery): FilePage {
  const route = query.route === undefined ? null : words.find(query.route);
  const { n: newestNumber } = database.prepare(journalQueries.newestNumber).get() as { n: number | null };
  const isOfNone = query.statuses?.length === 0 || (query.route !== undefined && route === null);
  if (newestNumber === null || isOfNone) return { files: [], next: null };
  const { sql, values, from } = filesQuery(query, newestNumber, route);
  const rows = database.prepare(sql).all(...values) as FileRow[];
  const isFull = rows.length === query.limit;
  const next = isFull ? (rows.at(-1)?.n ?? 0) : from;
  return { files: decodeAll(rows), next: next > 0 ? next : null };
}

function find({ database, decodeAll }: Answering, readings: readonly Reading[], limit: number): TrackedFile[] {
  for (const { sql, values } of readings.map(findQuery)) {
    const found = decodeAll(database.prepare(sql).all(...values, limit));
    if (found.length > 0) return found;
  }
  return [];
}

/** The interpretation is chosen among all files, so that every page uses the same one. */
function findEnded({ database, decodeAll }: Answering, text: string, query: PastQuery): TrackedFile[] {
  const finds = (reading: Reading): boolean => {
    const { sql, values } = existsQuery(reading);
    return database.prepare(sql).get(...values) !== undefined;
  };
  const reading = readingsOf(text).find(finds);
  if (reading === undefined) return [];
  const { sql, values } = findEndedQuery(reading, query);
  return decodeAll(database.prepare(sql).all(...values));
}

function timeline({ database, words }: Answering, fileId: string): TimelineEntry[] {
  const owner = database.prepare(journalQueries.number).get(fileId) as { readonly n: number; readonly route: number } | undefined;
  if (owner === undefined) return [];
  const rows = database.prepare(journalQueries.timeline).all(owner.n) as EntryRow[];
  const sealed = { id: fileId, route: words.text(owner.route) };
  return rows.map((row) => {
    const { seq, at, event, detail, from_status: from, to_status: to } = decodeEntry(row, sealed, words);
    return { seq, at, from, to, event: decodeEvent<FileEvent>(event, detail) };
  });
}

/** An outage is a closing and the opening after it. A change of cause within it belongs to the same outage. */
function outages(database: Database.Database, since: number): Outage[] {
  const rows = database.prepare(journalQueries.gates).all() as (GateRow & FactColumns)[];
  const open = new Map<string, Outage>();
  const ended: Outage[] = [];
  for (const row of rows) {
    const { at, route, state, detail } = row;
    assertFact(row, state);
    const current = open.get(route);
    if (state === 'closed') {
      open.set(route, { route, since: current?.since ?? at, until: null, closed: decodeEvent<Closed>('gate_closed', detail) });
    } else if (current !== undefined) {
      ended.push({ ...current, until: at });
      open.delete(route);
    }
  }
  return [...ended, ...open.values()]
    .filter((outage) => (outage.until ?? Number.POSITIVE_INFINITY) >= since)
    .sort((a, b) => b.since - a.since);
}

function lastGate(database: Database.Database, route: string): GateRow | null {
  const row = database.prepare(journalQueries.lastGate).get(route) as (GateRow & FactColumns) | undefined;
  if (row === undefined) return null;
  const { state, at } = row;
  assertFact(row, state);
  return { state, at };
}

interface PathRow {
  readonly n: number;
  readonly path: string;
}

/** Returns the ids of files whose path ends in one of these names, by one pass over all paths, however many names there are. */
export function findNamed(database: Database.Database, names: readonly string[], limit: number): string[] {
  const encoded = new Set(names.filter(({ length }) => length <= limits.searchLength).map(encodeName));
  const found = new Set<number>();
  for (const query of [journalQueries.sources, journalQueries.destinations]) {
    for (const { n, path } of database.prepare(query).iterate() as IterableIterator<PathRow>) {
      if (found.size >= limit) break;
      if (endsInOne(path, encoded)) found.add(n);
    }
  }
  const idOf = database.prepare(journalQueries.idOf);
  return [...found].sort((one, other) => other - one).map((n) => (idOf.get(n) as { readonly id: string }).id);
}

/** Returns whether the part of a path after one of its slashes is one of the names. */
function endsInOne(path: string, names: ReadonlySet<string>): boolean {
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) if (names.has(path.slice(at + 1))) return true;
  return false;
}
