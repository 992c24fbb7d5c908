import { chmodSync, closeSync, constants, ftruncateSync } from 'node:fs';
import { assertOwnFile, openRegular, UnexpectedFile } from '@sluice/platform';
import Database from 'better-sqlite3';
import { type AgentFacts, formatFacts, noteLock } from './facts.ts';
import { limits } from './limits.ts';

/** A file that this process has locked; the lock ends with the process, however it ends. */
export interface LockFile {
  /** Replaces what others read in it. */
  write(facts: AgentFacts): void;
  /** Gives it back and clears what it said. Idempotent. */
  release(): void;
}

export interface LockFileOptions {
  /** better-sqlite3's addon, loaded already: in the packed executable. */
  readonly nativeBinding?: object | undefined;
}

/** A database that nothing refers to is closed by the garbage collector, and its lock is gone: these stay until they are released. */
const held = new Set<Database.Database>();

/**
 * Locks a small SQLite file by an exclusive transaction that stays open. Its one row was committed before, so that others
 * can read its bytes; between two transactions `locking_mode` holds on to the lock.
 *
 * @returns null where another process, or this one, holds it
 * @throws UnexpectedFile where the name is that of a link, a FIFO, or a file of others or with other names; SqliteError
 */
export function lockFile(file: string, facts: AgentFacts, options: LockFileOptions = {}): LockFile | null {
  try {
    return own(file, facts, options);
  } catch (error) {
    const code = sqliteCode(error);
    if (code.startsWith('SQLITE_BUSY')) return null;
    if (!code.startsWith('SQLITE_CORRUPT') && !code.startsWith('SQLITE_NOTADB')) throw error;
  }
  // Torn by a power cut. Emptied in place, never replaced: another process that locks it meanwhile locks this same file.
  empty(file);
  try {
    return own(file, facts, options);
  } catch (error) {
    if (sqliteCode(error).startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
}

/** Only what is this user's own file, and has no other name. */
function empty(file: string): void {
  const descriptor = openRegular(file, constants.O_WRONLY, 'own');
  try {
    ftruncateSync(descriptor, 0);
  } finally {
    closeSync(descriptor);
  }
}

function sqliteCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function own(file: string, facts: AgentFacts, options: LockFileOptions): LockFile {
  const before = assertOwnFile(file);
  const database = new Database(file, { timeout: limits.busyMs, ...addonOption(options.nativeBinding) });
  try {
    const opened = assertOwnFile(file);
    if (before !== null && opened !== before) throw new UnexpectedFile(file, 'was replaced while it was opened');
    database.pragma('locking_mode = EXCLUSIVE');
    // no journal file next to it; what a crash could tear is emptied by the next one to lock it
    database.pragma('journal_mode = MEMORY');
    database.pragma('synchronous = OFF');
    database.pragma('secure_delete = ON');
    database.exec('BEGIN EXCLUSIVE');
    database.exec('CREATE TABLE IF NOT EXISTS agent (id INTEGER PRIMARY KEY CHECK (id = 1), facts TEXT NOT NULL) STRICT');
    database.prepare('REPLACE INTO agent VALUES (1, ?)').run(formatFacts(facts));
    database.exec('COMMIT');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw error;
  }
  keepPrivate(file);
  noteLock(file, facts);
  return lockOn(file, database);
}

function lockOn(file: string, database: Database.Database): LockFile {
  held.add(database);
  const commit = (sql: string, ...values: string[]) => {
    database.prepare(sql).run(...values);
    // `locking_mode` holds the lock between the two
    database.exec('COMMIT; BEGIN EXCLUSIVE');
  };
  return {
    write: (facts) => {
      commit('UPDATE agent SET facts = ?', formatFacts(facts));
      noteLock(file, facts);
    },
    release: () => {
      if (!database.open) return;
      commit('DELETE FROM agent');
      held.delete(database);
      database.close();
      noteLock(file, undefined);
    },
  };
}

function addonOption(nativeBinding: object | undefined): Database.Options {
  // It accepts the addon itself too, which its types do not say.
  return nativeBinding === undefined ? {} : { nativeBinding: nativeBinding as unknown as string };
}

/** The call does not open the file, so it does not drop the lock. Who may read the file may lock it. */
function keepPrivate(file: string): void {
  try {
    chmodSync(file, 0o600);
  } catch {
    // filesystems without modes
  }
}
