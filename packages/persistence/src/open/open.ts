import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { platform } from 'node:process';
import type { Mount } from '@sluice/platform';
import Database from 'better-sqlite3';
import { limits } from '../limits.ts';
import { guarded, JournalUnusable, sqliteCode } from '../unusable.ts';
import { assertFiles, assertOwnFiles, isAbsent, keepPrivate, lossOf, privately } from './files.ts';
import { applicationId } from './header.ts';
import { assertIntact, assertRows } from './intact.ts';
import { assertLocalDisk } from './local-disk.ts';
import { assertReadable, migrate, newestVersion, versionOf } from './migrate.ts';

/** How a journal is opened. */
export interface OpenOptions {
  readonly path: string;
  /** better-sqlite3's addon, if it is loaded already, as in the executable. */
  readonly nativeBinding?: object | undefined;
  /** The mounts of this process, instead of asking the system. */
  readonly mounts?: readonly Mount[];
  /** How long to wait for another writer, in milliseconds. Default: `limits.busyMs`. */
  readonly busyMs?: number;
  /** The journal need not be read completely: the agent that uses it has done so, or will. */
  readonly isChecked?: boolean;
  /** Size up to which a journal is read completely when it is opened, bytes. Default: `limits.checkedBytes`. See `checkJournal`. */
  readonly checkedBytes?: number;
  /** Whether something other than the journal shows that an agent has run here. An empty journal is then a loss. */
  readonly hasLived?: boolean;
}

/** A journal that is open for its one writer. */
export interface OpenedJournal {
  readonly database: Database.Database;
  /** False: the journal is too large to be read completely before it is used. `checkJournal` reads it. */
  readonly isChecked: boolean;
}

/**
 * Opens the journal for its one writer, and creates or migrates it if needed. A file that is refused is left unchanged.
 * @throws JournalUnusable
 */
export function openForWriting(options: OpenOptions): OpenedJournal {
  const { path } = options;
  assertLocalDisk(dirname(path), options.mounts);
  const isChecked = !isLarge(options);
  return { database: guarded(path, () => privately(() => openOwn({ ...options, isChecked: !isChecked }))), isChecked };
}

/** Returns whether reading the whole journal would delay a start noticeably. */
function isLarge({ path, checkedBytes = limits.checkedBytes }: OpenOptions): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > checkedBytes;
}

function openOwn(options: OpenOptions): Database.Database {
  const { path } = options;
  const before = assertOwnFiles(path);
  const loss = lossOf(path, options.hasLived === true);
  if (loss !== null) throw loss;
  const isInspected = inspect(options);
  const database = connect(options, {});
  return closedOnError(database, () => {
    const opened = assertOwnFiles(path);
    if (before !== null && opened !== before)
      throw new JournalUnusable(
        'unreadable',
        `the journal ${path} was replaced while it was opened; find out who writes to its folder`,
        `${before} became ${opened}`,
      );
    keepPrivate(path);
    if (!isInspected) assertOurs(database, options);
    makeSafe(database);
    // Set before the first table: a crash between the two must not leave a file that looks like another program's database.
    database.pragma(`application_id = ${applicationId}`);
    migrate(database, path);
    database.pragma('foreign_keys = ON');
    if (options.isChecked !== true) assertRows(database);
  });
}

/**
 * Opens the journal for reading, next to a running agent or without one.
 * @throws JournalUnusable
 */
export function openForReading(options: OpenOptions): Database.Database {
  const { path } = options;
  assertFiles(path);
  if (isAbsent(path))
    throw lossOf(path, false) ?? new JournalUnusable('missing', `there is no journal at ${path}`, 'ENOENT, or an empty file');
  return guarded(path, () => {
    const database = connect(options, { readonly: true });
    return closedOnError(database, () => {
      const isChecked = options.isChecked === true || isLarge(options);
      assertOurs(database, { path, isChecked });
      const version = versionOf(database);
      if (version !== newestVersion)
        throw new JournalUnusable(
          'older',
          `the journal ${path} was written by an older Sluice; start the agent once to bring it up to date`,
          `user_version is ${version}, this program reads ${newestVersion}`,
        );
      if (!isChecked) assertRows(database);
    });
  });
}

function connect({ path, nativeBinding, busyMs = limits.busyMs }: OpenOptions, how: { readonly readonly?: true }): Database.Database {
  // It accepts the addon itself too, although its types do not say so.
  const addon = nativeBinding === undefined ? {} : { nativeBinding: nativeBinding as unknown as string };
  return new Database(path, { ...how, timeout: busyMs, ...addon });
}

function closedOnError(database: Database.Database, work: () => void): Database.Database {
  try {
    work();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Checks an existing file through a connection that cannot write, not even when it is closed.
 * @returns false if there is nothing to read, or SQLite first has to repair what a crash left
 */
function inspect(options: OpenOptions): boolean {
  if (isAbsent(options.path)) return false;
  try {
    const database = connect(options, { readonly: true });
    closedOnError(database, () => assertOurs(database, options)).close();
    return true;
  } catch (error) {
    const code = sqliteCode(error);
    if (code?.startsWith('SQLITE_READONLY') || code?.startsWith('SQLITE_CANTOPEN')) return false;
    throw error;
  }
}

function assertOurs(database: Database.Database, { path, isChecked = false }: OpenOptions): void {
  const id = Number(database.pragma('application_id', { simple: true }));
  if (!isChecked) assertIntact(database, path);
  if (id === applicationId) {
    assertReadable(database, path);
    return;
  }
  const things = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number };
  if (id === 0 && things.n === 0) return;
  throw new JournalUnusable(
    'foreign',
    `${path} is a database of another program; choose another state folder with --state`,
    `application_id is ${id}, a journal has ${applicationId}`,
  );
}

function makeSafe(database: Database.Database): void {
  database.pragma('journal_mode = WAL');
  // better-sqlite3's build falls back to NORMAL in WAL mode, so FULL is set after the mode, and read back.
  database.pragma('synchronous = FULL');
  database.pragma(`journal_size_limit = ${limits.walBytes}`);
  if (platform === 'darwin') {
    database.pragma('fullfsync = 1');
    database.pragma('checkpoint_fullfsync = 1');
  }
  const mode = database.pragma('journal_mode', { simple: true });
  const synchronous = database.pragma('synchronous', { simple: true });
  if (mode === 'wal' && synchronous === 2) return;
  throw new JournalUnusable(
    'unreadable',
    'the journal cannot be kept safe here; choose a folder on an ordinary local disk with --state',
    `journal_mode is ${String(mode)}, synchronous is ${String(synchronous)}`,
  );
}
