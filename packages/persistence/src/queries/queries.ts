import type { FileEvent, GateEvent, JournalImage, JournalRecord } from '@sluice/core';
import type { Status, TrackedFile } from '@sluice/core/model';
import { type EndedBrief } from '@sluice/lists';
import type Database from 'better-sqlite3';
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
import { findNamed } from './find-named.ts';
import { existsQuery, findEndedQuery, findQuery, type Reading, readingsOf } from './find-queries.ts';
import { type RecordQuery, readRecords } from './log-query.ts';

/** A line of a file's story; facts have no `to`. */
export interface TimelineEntry {
  readonly seq: number;
  readonly at: number;
  readonly from: Status | null;
  readonly to: Status | null;
  readonly event: FileEvent;
}

/** A time in which a destination was not there. */
export interface Outage {
  readonly route: string;
  readonly since: number;
  readonly until: number | null;
  /** What was known of the destination last. */
  readonly closed: Closed;
}

type Closed = Extract<GateEvent, { kind: 'gate_closed' }>;

export interface GateRow {
  readonly state: 'open' | 'closed';
  readonly at: number;
}

/** What can be asked of a journal, next to its writer or without one. Newest first, where not said otherwise. */
export interface JournalReader {
  /** A page of them, by when they were found. */
  files(query: FileQuery): FilePage;
  /** Those that ended, by when they did. */
  past(query: PastQuery): TrackedFile[];
  /** In brief, by when they ended. */
  ended(query: EndedQuery): EndedBrief[];
  /** The one of this id; null where the journal has none, or none any more. */
  file(id: string): TrackedFile | null;
  /** By id, a prefix of one, a name, a path or a glob. */
  find(text: string, limit: number): TrackedFile[];
  /** The same without what has to be compared with every name: by id, a prefix of one, or a whole path. Never slow. */
  findExact(text: string, limit: number): TrackedFile[];
  /**
   * Ids of those whose path is a folder's and one of these names: what `find` finds for a name without wildcards, for a
   * thousand names as fast as for one. Where there are more than `limit`, any of them.
   */
  findNamed(names: readonly string[], limit: number): string[];
  /** A page of those that `find` would find and that ended, by when they did. */
  findEnded(text: string, query: PastQuery): TrackedFile[];
  /** A page of those that ended and match a filter of the screen, and what was copied in all. Takes as long as there are files. */
  filtered(query: FilteredQuery): Filtered;
  /** Oldest first. */
  timeline(fileId: string): TimelineEntry[];
  /** All attempts for one source file, oldest first. */
  lineage(route: string, source: string): TrackedFile[];
  /** Those that were not over before this moment. Milliseconds since the epoch. */
  outages(since: number): Outage[];
  /** Of all files of the journal. */
  counts(route: string): Record<Status, number>;
  /** FAILED files that have a successor. */
  recovered(route: string): number;
  lastGate(route: string): GateRow | null;
  /** What is kept of routes, such as their settings and the marker of their destination; also of routes that are configured no longer. */
  routeFacts(): JournalImage['routeFacts'];
  /** What happened, newest first, from any moment backwards. */
  records(query: RecordQuery): JournalRecord[];
  close(): void;
}

/** @throws JournalUnusable, each of its questions too */
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

/** The same questions over a connection that is open already. */
export function readerOf(database: Database.Database): Omit<JournalReader, 'close'> {
  const words = new Words(database);
  const decodeAll = (rows: unknown[]): TrackedFile[] => (rows as FileRow[]).map((row) => decodeFile(row, words));
  const answering: Answering = { database, words, decodeAll };
  // A screen asks these hundreds of times for one picture.
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

/** What answers are made with. */
interface Answering {
  readonly database: Database.Database;
  readonly words: Words;
  readonly decodeAll: (rows: unknown[]) => TrackedFile[];
}

/** Not before it is asked for: a journal that cannot be read says so to anyone who asks. */
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

/** The reading is that of all files, so that every page has the same one. */
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

/** A closing and the opening after it; a change of cause within belongs to the same outage. */
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
