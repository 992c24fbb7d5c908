import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { assertOwnFile, kindOf, UnexpectedFile } from '@sluice/platform';
import { JournalUnusable } from '../unusable.ts';

/** The files that SQLite opens next to a database, by the end of their name. */
const companions = ['', '-wal', '-shm', '-journal'] as const;
const onlyOwner = 0o600;

/**
 * Checks that SQLite, which opens by name, can open only this user's own files.
 * @returns the identity of the database; null if it does not exist yet
 * @throws JournalUnusable
 */
export function assertOwnFiles(path: string): string | null {
  const [database = null] = companions.map((suffix) => explained(() => assertOwnFile(path + suffix)));
  return database;
}

/** Checks that a reader will not wait for a FIFO or a device. @throws JournalUnusable */
export function assertFiles(path: string): void {
  for (const suffix of companions) {
    const stats = statSync(path + suffix, { throwIfNoEntry: false, bigint: true });
    if (stats !== undefined && !stats.isFile()) throw refused(new UnexpectedFile(path + suffix, `is ${kindOf(stats)}, not a file`));
  }
}

function explained<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof UnexpectedFile ? refused(error) : error;
  }
}

function refused({ message }: UnexpectedFile): JournalUnusable {
  return new JournalUnusable(
    'unreadable',
    'the journal cannot be used; move away what has its name, or choose another state folder with --state',
    message,
  );
}

/**
 * Runs code that creates files, so that no other user may read them: a user who may read a database may lock it, and stop its
 * writer. Setting the mode at the creation leaves no moment in between. SQLite gives its other files the mode of the database.
 */
export function privately<Result>(work: () => Result): Result {
  const before = process.umask(0o077);
  try {
    return work();
  } finally {
    process.umask(before);
  }
}

/** Makes files private that an earlier version left readable. Filesystems without modes refuse or ignore this. */
export function keepPrivate(path: string): void {
  for (const suffix of companions) {
    try {
      const stats = statSync(path + suffix, { throwIfNoEntry: false });
      if (stats !== undefined && (stats.mode & 0o777) !== onlyOwner) chmodSync(path + suffix, onlyOwner);
    } catch {
      // A file in a folder of mode 0700 cannot be reached anyway.
    }
  }
}

/** Returns whether a database does not exist or is empty. */
export function isAbsent(path: string): boolean {
  return !existsSync(path) || statSync(path).size === 0;
}

/**
 * Distinguishes a journal that does not exist yet from one that was lost: some filesystems leave a file of 0 bytes after a power
 * cut.
 * @param hasLived whether something else shows that an agent has run here
 * @returns the error for an empty file next to the traces of an earlier run; null: nothing is lost
 */
export function lossOf(path: string, hasLived: boolean): JournalUnusable | null {
  if (!existsSync(path) || statSync(path).size > 0) return null;
  const trace = hasLived ? 'agent.lock' : traceNextTo(path);
  if (trace === null) return null;
  return new JournalUnusable(
    'damaged',
    `the journal ${path} is empty, and its history is lost; put a backup in its place, or move the empty file away and start again: Sluice compares what is at the destination and does not copy it again`,
    `0 bytes, next to ${trace} of an earlier run`,
  );
}

/** The log begins after the journal, and a backup is made of a journal. A lock is older than the journal, and shows nothing. */
function traceNextTo(path: string): string | null {
  const folder = dirname(path);
  const isTrace = (name: string): boolean =>
    /^(?:sluice\.log.*|journal\.db\.before-v\d+.*)$/.test(name) && statSync(join(folder, name)).size > 0;
  return readdirSync(folder).find(isTrace) ?? null;
}
