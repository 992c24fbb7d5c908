import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { platform } from 'node:process';
import Database from 'better-sqlite3';
import { damaged } from './codec.ts';
import { assertLocalDisk } from './local-disk.ts';
import { migrate, newestVersion, versionOf } from './migrate.ts';
import { JournalUnusable } from './unusable.ts';

/** `SLUI` in ASCII: SQLite's application_id of a journal. */
const applicationId = 0x534c5549;

export interface OpenOptions {
  readonly path: string;
  /** The addon's path, or the addon itself: where a packed program keeps it. */
  readonly nativeBinding?: string;
}

/**
 * Opens the journal for its one writer, making or migrating it where needed.
 *
 * @throws JournalUnusable
 */
export function openForWriting({ path, nativeBinding }: OpenOptions): Database.Database {
  assertLocalDisk(dirname(path));
  return guarded(path, () => {
    const database = new Database(path, { timeout: 5_000, ...(nativeBinding === undefined ? {} : { nativeBinding }) });
    assertOurs(database, path);
    database.pragma('journal_mode = WAL');
    // better-sqlite3's build falls back to NORMAL in WAL: FULL is set after the mode, and read back.
    database.pragma('synchronous = FULL');
    if (platform === 'darwin') database.pragma('fullfsync = 1');
    database.pragma('foreign_keys = ON');
    assertSafe(database);
    migrate(database, path);
    database.pragma(`application_id = ${applicationId}`);
    return database;
  });
}

/**
 * Opens the journal for reading, beside a running agent or without one.
 *
 * @throws JournalUnusable
 */
export function openForReading({ path, nativeBinding }: OpenOptions): Database.Database {
  if (!existsSync(path)) throw new JournalUnusable('missing', `there is no journal at ${path}`, 'ENOENT');
  return guarded(path, () => {
    const database = new Database(path, { readonly: true, timeout: 5_000, ...(nativeBinding === undefined ? {} : { nativeBinding }) });
    assertOurs(database, path);
    const version = versionOf(database);
    if (version === newestVersion) return database;
    throw new JournalUnusable('newer', `the journal ${path} was written by another version of Sluice`, `user_version is ${version}`);
  });
}

function assertOurs(database: Database.Database, path: string): void {
  const id = Number(database.pragma('application_id', { simple: true }));
  const check = database.pragma('quick_check(1)', { simple: true });
  if (check !== 'ok') throw damaged(`quick_check of ${path}: ${String(check)}`);
  if (id === applicationId) return;
  const tables = database.prepare("SELECT count(*) AS n FROM sqlite_master WHERE type = 'table'").get() as { n: number };
  if (tables.n > 0) throw damaged(`${path} is a database of another program (application_id ${id})`);
}

function assertSafe(database: Database.Database): void {
  const mode = database.pragma('journal_mode', { simple: true });
  const synchronous = database.pragma('synchronous', { simple: true });
  if (mode === 'wal' && synchronous === 2) return;
  throw new JournalUnusable(
    'unreadable',
    'the journal cannot be kept safe here; choose a folder on an ordinary local disk with --state',
    `journal_mode is ${String(mode)}, synchronous is ${String(synchronous)}`,
  );
}

function guarded(path: string, open: () => Database.Database): Database.Database {
  try {
    return open();
  } catch (error) {
    if (error instanceof JournalUnusable) throw error;
    throw unusable(path, error);
  }
}

/** What SQLite's result codes mean for a person. Source: sqlite.org/rescode.html. */
function unusable(path: string, error: unknown): JournalUnusable {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
  const technical = `${code}: ${error instanceof Error ? error.message : String(error)}`;
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new JournalUnusable('locked', `the journal ${path} is locked by another program; end that one first`, technical);
  }
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) return damaged(`${path}: ${technical}`);
  return new JournalUnusable('unreadable', `the journal ${path} cannot be opened; check the folder, its owner and its disk`, technical);
}
