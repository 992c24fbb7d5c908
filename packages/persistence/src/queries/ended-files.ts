import { type EndedFiles, isLeftToJournal, type LeftFile, type LeftFingerprint, type LeftPath } from '@sluice/core';
import { type FileId, identityText, isCompleted, type RouteName, type SourceEntry, type TrackedFile } from '@sluice/core/model';
import type Database from 'better-sqlite3';
import { decodeFile, decodeName, encodeName, type FileRow, fileColumns, isPlainName } from '../rows/codec.ts';
import { statusCodes } from '../rows/status-codes.ts';
import { Words } from '../rows/words.ts';
import { asUnusable } from '../unusable.ts';

const { COMPLETED, COMPLETED_DELETE_FAILED } = statusCodes;
const ofIdentity = `iif(json_valid(record), json_extract(record, '$.identity'), NULL)`;
const isSimpleCopy = `status = ${COMPLETED} AND destination IS NULL`;

/**
 * `+?` instead of `?`: in a query with an order, SQLite makes a new plan for every value that a plain variable is compared with,
 * which takes four times as long as the query.
 */
export const endedQueries = {
  newest: `SELECT ${fileColumns} FROM files INDEXED BY files_by_source WHERE source = +? AND route = +? ORDER BY n DESC LIMIT 1`,
  file: `SELECT ${fileColumns} FROM files WHERE id = ?`,
  /** `.` follows `-`. */
  withId8: `SELECT ${fileColumns} FROM files INDEXED BY files_by_id WHERE id > ? || '-' AND id < ? || '.' AND route = +?`,
  ownName: `SELECT id FROM files INDEXED BY files_by_source WHERE source = +? AND route = +? AND destination IS NULL
    AND status IN (${COMPLETED}, ${COMPLETED_DELETE_FAILED}) ORDER BY n DESC LIMIT 1`,
  otherName: `SELECT id FROM files INDEXED BY files_by_destination WHERE destination = +? AND route = +?
    AND status IN (${COMPLETED}, ${COMPLETED_DELETE_FAILED}) ORDER BY n DESC LIMIT 1`,
  /** The expression and the conditions are the same as in the index. */
  identity: `SELECT source FROM files INDEXED BY files_by_identity
    WHERE ${ofIdentity} = +? AND ${isSimpleCopy} AND instr(record, '"identity":') > 0
    AND route = +? ORDER BY n DESC LIMIT 1`,
  /** The parameters are JSON arrays of names and of identities. The newest file of each comes last. */
  newestOfAll: `SELECT ${fileColumns} FROM (SELECT value AS wanted FROM json_each(?)) CROSS JOIN files INDEXED BY files_by_source
    WHERE source = wanted AND route = +? ORDER BY n`,
  pathsOfAll: `SELECT wanted AS identity, source FROM (SELECT value AS wanted FROM json_each(?)) CROSS JOIN files INDEXED BY files_by_identity
    WHERE ${ofIdentity} = wanted AND ${isSimpleCopy} AND instr(record, '"identity":') > 0 AND route = +? ORDER BY n`,
  number: 'SELECT n FROM files WHERE id = ?',
  last: 'SELECT max(n) AS n FROM files',
  after: 'SELECT n, route, status, destination, source FROM files WHERE n > ? ORDER BY n LIMIT ?',
  foundAfter: `SELECT n, source, size_bytes, mtime_ns, discovered_at FROM files NOT INDEXED WHERE n > ? AND route = ? AND ${isSimpleCopy}`,
  below: `SELECT n, source FROM files INDEXED BY files_by_source WHERE source > ? AND source < ? AND route = ? AND ${isSimpleCopy}`,
} as const;

interface PathRow {
  readonly n: number;
  readonly source: string;
}

interface PieceRow extends PathRow {
  readonly route: number;
  readonly status: number;
  readonly destination: string | null;
}

type SourceRow = Pick<PathRow, 'source'>;

interface IdentityRow extends SourceRow {
  readonly identity: string;
}

/** The answers of the journal about many files of a route. */
interface Answers {
  readonly route: RouteName;
  /** The names and identities that were asked for, and what the journal has of them. */
  readonly newest: Answer<FileRow>;
  readonly paths: Answer<SourceRow>;
}

interface Answer<Row> {
  readonly asked: ReadonlySet<string>;
  readonly found: ReadonlyMap<string, Row>;
}

interface FingerprintRow extends PathRow {
  readonly size_bytes: number;
  readonly mtime_ns: string;
  readonly discovered_at: number;
}

type Statements = { readonly [Name in keyof typeof endedQueries]: Database.Statement };

/** Answers the queries of core on the writer's connection. Each query throws JournalUnusable. */
export class LeftFiles implements EndedFiles {
  readonly #path: string;
  readonly #words: Words;
  readonly #statements: Statements;
  /** Set only while `aboutAll` runs its work. */
  #answers: Answers | null = null;

  constructor(database: Database.Database, path: string) {
    this.#path = path;
    this.#words = new Words(database);
    const prepared = Object.entries(endedQueries).map(([name, sql]) => [name, database.prepare(sql)]);
    this.#statements = Object.fromEntries(prepared) as Statements;
  }

  newest(route: RouteName, source: string): LeftFile | null {
    const name = encodeName(source);
    const row = this.#isAnswered(route, 'newest', name)
      ? this.#answers?.newest.found.get(name)
      : this.#ask(route, (word) => this.#statements.newest.get(name, word) as FileRow | undefined);
    if (!row || row.status !== COMPLETED || row.destination !== null) return null;
    return this.#guarded(() => {
      const file = decodeFile(row, this.#words);
      return isCompleted(file) && isLeftToJournal(file) ? { number: row.n, file } : null;
    });
  }

  aboutAll<Result>(route: RouteName, entries: readonly Pick<SourceEntry, 'path' | 'identity'>[], work: () => Result): Result {
    const names = entries.map(({ path }) => encodeName(path)).filter(isPlainName);
    const identities = entries.flatMap(({ identity }) => (identity === null ? [] : [identityText(identity)]));
    const newest = new Map<string, FileRow>();
    const paths = new Map<string, SourceRow>();
    this.#ask(route, (word) => {
      const { newestOfAll, pathsOfAll } = this.#statements;
      for (const row of newestOfAll.all(JSON.stringify(names), word) as FileRow[]) newest.set(row.source, row);
      for (const row of pathsOfAll.all(JSON.stringify(identities), word) as IdentityRow[]) paths.set(row.identity, row);
    });
    this.#answers = {
      route,
      newest: { asked: new Set(names), found: newest },
      paths: { asked: new Set(identities), found: paths },
    };
    try {
      return work();
    } finally {
      this.#answers = null;
    }
  }

  file(id: FileId): TrackedFile | null {
    return this.#guarded(() => {
      const row = this.#statements.file.get(id) as FileRow | undefined;
      return row === undefined ? null : decodeFile(row, this.#words);
    });
  }

  withId8(route: RouteName, id8: string): readonly TrackedFile[] {
    return this.#many(route, (word) => {
      const rows = this.#statements.withId8.all(id8, id8, word) as FileRow[];
      return rows.map((row) => decodeFile(row, this.#words));
    });
  }

  ownerOf(route: RouteName, destination: string): FileId | null {
    return this.#ask(route, (word) => {
      const name = encodeName(destination);
      const { ownName, otherName } = this.#statements;
      const owner = (ownName.get(name, word) ?? otherName.get(name, word)) as { readonly id: FileId } | undefined;
      return owner?.id ?? null;
    });
  }

  pathOf(route: RouteName, identity: string): string | null {
    const row = this.#isAnswered(route, 'paths', identity)
      ? this.#answers?.paths.found.get(identity)
      : this.#ask(route, (word) => this.#statements.identity.get(identity, word) as SourceRow | undefined);
    return row ? decodeName(row.source) : null;
  }

  numberOf(id: FileId): number | null {
    return this.#guarded(() => (this.#statements.number.get(id) as Pick<PathRow, 'n'> | undefined)?.n ?? null);
  }

  lastNumber(): number {
    return this.#guarded(() => (this.#statements.last.get() as { readonly n: number | null }).n ?? 0);
  }

  after(route: RouteName, number: number, files: number): ReturnType<EndedFiles['after']> {
    return this.#guarded(() => {
      const word = this.#words.find(route);
      const rows = this.#statements.after.all(number, files) as PieceRow[];
      const ofRoute = rows.filter((row) => row.route === word && row.status === COMPLETED && row.destination === null);
      return { paths: ofRoute.map(pathOf), next: rows.length < files ? null : (rows.at(-1)?.n ?? null) };
    });
  }

  foundAfter(route: RouteName, id: FileId): readonly LeftFingerprint[] {
    return this.#many(route, (word) => {
      const number = this.numberOf(id);
      const rows = number === null ? [] : (this.#statements.foundAfter.all(number, word) as FingerprintRow[]);
      return rows.map((row) => ({
        ...pathOf(row),
        sizeBytes: row.size_bytes,
        mtimeNs: row.mtime_ns,
        discoveredAt: row.discovered_at,
      }));
    });
  }

  below(route: RouteName, folder: string): readonly LeftPath[] {
    return this.#many(route, (word) => {
      const name = encodeName(folder);
      // `0` follows `/`.
      return (this.#statements.below.all(`${name}/`, `${name}0`, word) as PathRow[]).map(pathOf);
    });
  }

  #isAnswered(route: RouteName, question: 'newest' | 'paths', about: string): boolean {
    return this.#answers?.route === route && this.#answers[question].asked.has(about);
  }

  /** @throws JournalUnusable */
  #guarded<Result>(query: () => Result): Result {
    try {
      return query();
    } catch (error) {
      throw asUnusable(this.#path, error);
    }
  }

  /** @returns null if the journal has no row of the route */
  #ask<Answer>(route: RouteName, question: (word: number) => Answer): Answer | null {
    return this.#guarded(() => {
      const word = this.#words.find(route);
      return word === null ? null : question(word);
    });
  }

  #many<Answer>(route: RouteName, question: (word: number) => readonly Answer[]): readonly Answer[] {
    return this.#ask(route, question) ?? [];
  }
}

function pathOf({ n, source }: PathRow): LeftPath {
  return { number: n, source: decodeName(source) };
}
