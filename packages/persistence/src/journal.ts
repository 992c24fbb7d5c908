import { randomUUID } from 'node:crypto';
import {
  type FileId,
  fileId,
  type GateRecord,
  type Journal,
  type JournalImage,
  type JournalRecord,
  type RouteFactKey,
  routeName,
  type TrackedFile,
} from '@sluice/core';
import type Database from 'better-sqlite3';
import { decodeDetail, decodeFile, encodeFile, type FileRow } from './codec.ts';
import { type OpenOptions, openForWriting } from './open.ts';

/** A child process, told apart from any other that ever was. */
export interface ChildIdentity {
  readonly pid: number;
  readonly bootId: string;
  readonly startTime: string;
  readonly kind: string;
}

/** The journal of a running agent. */
export interface WritableJournal extends Journal {
  /** UUID of this state folder's agent. */
  readonly agentId: string;
  readonly database: Database.Database;
  noteChild(child: ChildIdentity, at: number): void;
  forgetChild(child: Pick<ChildIdentity, 'pid' | 'bootId' | 'startTime'>): void;
  /** Those of earlier lives that were never noted as gone. */
  earlierChildren(): ChildIdentity[];
  /** Removes ended files older than `before`, but never a source file's newest record. @returns how many */
  prune(before: number, atMost: number): number;
}

/** @throws JournalUnusable */
export function openJournal(options: OpenOptions & { readonly now: () => number }): WritableJournal {
  const database = openForWriting(options);
  const agentId = ownId(database, options.now());
  const write = prepareWriter(database);
  return {
    agentId,
    database,
    append: database.transaction((records: readonly JournalRecord[]) => {
      for (const record of records) write(record);
    }),
    load: () => load(database),
    close: () => void database.close(),
    ...children(database),
    prune: (before, atMost) => prune(database, before, atMost),
  };
}

function ownId(database: Database.Database, now: number): string {
  const row = database.prepare('SELECT agent_id FROM agent').get() as { agent_id: string } | undefined;
  if (row !== undefined) return row.agent_id;
  const id = randomUUID();
  database.prepare('INSERT INTO agent VALUES (1, ?, ?)').run(id, now);
  return id;
}

/** Numbers go on without a gap, so that a lost or doubled record is noticed at once. */
function prepareWriter(database: Database.Database): (record: JournalRecord) => void {
  const entry = database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const previous = database.prepare('SELECT max(seq) AS seq FROM entries');
  const file = database.prepare(`
    INSERT INTO files VALUES (@id, @route, @source, @destination, @status, @is_ended, @seq, @discovered_at, @ended_at,
      @recovery_of, @recovered_by, @has_left, @size_bytes, @record)
    ON CONFLICT (id) DO UPDATE SET destination = excluded.destination, status = excluded.status,
      is_ended = excluded.is_ended, ended_at = excluded.ended_at, recovery_of = excluded.recovery_of,
      recovered_by = excluded.recovered_by, has_left = excluded.has_left, size_bytes = excluded.size_bytes,
      record = excluded.record`);
  const fact = database.prepare('INSERT OR REPLACE INTO route_facts VALUES (?, ?, ?, ?, ?, ?)');
  const gate = database.prepare('INSERT INTO gates VALUES (?, ?, ?, ?, ?, ?, ?, ?)');

  return (record) => {
    const { seq } = previous.get() as { seq: number | null };
    if (record.seq !== (seq ?? 0) + 1) throw new Error(`journal record ${record.seq} does not follow ${seq ?? 0}`);
    switch (record.kind) {
      case 'transition':
      case 'file_fact': {
        const [from, to] = record.kind === 'transition' ? [record.from, record.to] : [null, null];
        const { id, route } = record.file;
        entry.run(record.seq, record.at, record.kind, route, id, record.event, from, to, JSON.stringify(record.detail));
        file.run({ ...encodeFile(record.file), seq: record.seq });
        return;
      }
      case 'route_fact': {
        const detail = JSON.stringify(record.detail);
        entry.run(record.seq, record.at, record.kind, record.route, null, record.event, null, null, detail);
        fact.run(record.route, record.key, record.seq, record.at, record.event, detail);
        return;
      }
      case 'gate':
        writeGate(record);
    }
  };

  function writeGate(record: GateRecord): void {
    const { seq, at, route, state, cause, code, operator, technical } = record;
    entry.run(seq, at, 'gate', route, null, state, null, null, JSON.stringify({ cause, code, operator, technical }));
    gate.run(seq, at, route, state, cause, code, operator, technical);
  }
}

function load(database: Database.Database): JournalImage {
  const newest = database.prepare('SELECT max(seq) AS seq FROM entries').get() as { seq: number | null };
  return {
    nextSeq: (newest.seq ?? 0) + 1,
    files: liveAndNewest(database),
    routeFacts: routeFacts(database),
    usedNames: usedNames(database),
  };
}

/** Of each source path the newest; a live one is always the newest. */
function liveAndNewest(database: Database.Database): TrackedFile[] {
  const rows = database
    .prepare(
      `SELECT id, status, record FROM files AS f WHERE first_seq =
        (SELECT max(first_seq) FROM files AS g WHERE g.route = f.route AND g.source = f.source) ORDER BY first_seq`,
    )
    .all() as FileRow[];
  return rows.map(decodeFile);
}

function routeFacts(database: Database.Database): JournalImage['routeFacts'] {
  const rows = database.prepare('SELECT * FROM route_facts ORDER BY seq').all() as {
    route: string;
    key: RouteFactKey;
    seq: number;
    at: number;
    event: string;
    detail: string;
  }[];
  return rows.map(({ route, detail, ...row }) => ({ kind: 'route_fact', ...row, route: routeName(route), detail: decodeDetail(detail) }));
}

function usedNames(database: Database.Database): JournalImage['usedNames'] {
  const rows = database
    .prepare(`SELECT id, route, destination FROM files WHERE status IN ('COMPLETED', 'COMPLETED_DELETE_FAILED') OR has_left = 1`)
    .all() as { id: string; route: string; destination: string }[];
  return rows.map((row): { route: ReturnType<typeof routeName>; destination: string; fileId: FileId } => ({
    route: routeName(row.route),
    destination: row.destination,
    fileId: fileId(row.id),
  }));
}

function children(database: Database.Database): Pick<WritableJournal, 'noteChild' | 'forgetChild' | 'earlierChildren'> {
  const born = database.prepare('INSERT OR REPLACE INTO children VALUES (?, ?, ?, ?, ?)');
  const gone = database.prepare('DELETE FROM children WHERE pid = ? AND boot_id = ? AND start_time = ?');
  const all = database.prepare('SELECT pid, boot_id AS bootId, start_time AS startTime, kind FROM children');
  return {
    noteChild: ({ pid, bootId, startTime, kind }, at) => void born.run(pid, bootId, startTime, kind, at),
    forgetChild: ({ pid, bootId, startTime }) => void gone.run(pid, bootId, startTime),
    earlierChildren: () => all.all() as ChildIdentity[],
  };
}

function prune(database: Database.Database, before: number, atMost: number): number {
  const ids = database
    .prepare(
      `SELECT id FROM files AS f WHERE is_ended = 1 AND ended_at < ? AND EXISTS
        (SELECT 1 FROM files AS g WHERE g.route = f.route AND g.source = f.source AND g.first_seq > f.first_seq) LIMIT ?`,
    )
    .all(before, atMost) as { id: string }[];
  const entries = database.prepare('DELETE FROM entries WHERE file_id = ? AND seq < (SELECT max(seq) FROM entries)');
  const file = database.prepare('DELETE FROM files WHERE id = ?');
  database.transaction(() => {
    for (const { id } of ids) {
      entries.run(id);
      file.run(id);
    }
  })();
  return ids.length;
}
