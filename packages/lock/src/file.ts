import { chmodSync, closeSync, constants, ftruncateSync } from 'node:fs';
import { assertOwnFile, openRegular, UnexpectedFile } from '@sluice/platform';
import Database from 'better-sqlite3';
import { type AgentFacts, formatFacts, noteLock } from './facts.ts';
import { limits } from './limits.ts';

/** A file that this process has locked. The lock ends with the process, however that ends. */
export interface LockFile {
  /** Replaces what others can read in it. */
  write(facts: AgentFacts): void;
  /** Releases the lock and clears the record. Idempotent. */
  release(): void;
}

/** How a lock file is opened. */
export interface LockFileOptions {
  /** better-sqlite3's addon, if it is loaded already, as in the executable. */
  readonly nativeBinding?: object | undefined;
}

/** The garbage collector closes a database that nothing refers to, and its lock ends. These stay until they are released. */
const held = new Set<Database.Database>();

/**
 * Locks a small SQLite file by an exclusive transaction that stays open. Its one row was committed before, so that others can read
 * its bytes. Between two transactions `locking_mode` keeps the lock.
 * @returns null if another process, or this one, holds it
 * @throws UnexpectedFile if the name is that of a link, a FIFO, or a file of another user or with several names; SqliteError
 */
export function lockFile(file: string, facts: AgentFacts, options: LockFileOptions = {}): LockFile | null {
  try {
    return own(file, facts, options);
  } catch (error) {
    const code = sqliteCode(error);
    if (code.startsWith('SQLITE_BUSY')) return null;
    if (!code.startsWith('SQLITE_CORRUPT') && !code.startsWith('SQLITE_NOTADB')) throw error;
  }
  // The file was torn by a power cut. It is emptied in place and not replaced, so that another process that locks it meanwhile
  // locks the same file.
  empty(file);
  try {
    return own(file, facts, options);
  } catch (error) {
    if (sqliteCode(error).startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
}

/** Empties the file, if it is this user's own and has no other name. */
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
    // Without a journal file. If a crash tears the file, the next process to lock it empties it.
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
    // `locking_mode` keeps the lock between the two.
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
  // It accepts the addon itself too, although its types do not say so.
  return nativeBinding === undefined ? {} : { nativeBinding: nativeBinding as unknown as string };
}

/** Makes the file private: a user who may read it may lock it. The call does not open the file, so it does not drop the lock. */
function keepPrivate(file: string): void {
  try {
    chmodSync(file, 0o600);
  } catch {
    // Filesystems without modes refuse this.
  }
}
