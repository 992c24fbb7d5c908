import { randomUUID } from 'node:crypto';
import { closeSync, constants, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errnoError, errnoOf } from '@sluice/platform';
import Database from 'better-sqlite3';
import { assertIntact } from './open/intact.ts';
import { type OpenOptions, openForReading } from './open/open.ts';
import { guarded } from './unusable.ts';

/** The progress of a backup, in pages of the database. */
export interface BackupProgress {
  readonly totalPages: number;
  readonly remainingPages: number;
}

/**
 * Copies a journal into one file, also while an agent uses it. The copy is a consistent snapshot, is checked, and is durable
 * before it gets its name. It never replaces a file.
 *
 * @param to path of the copy
 * @throws JournalUnusable; EEXIST if the name is taken; the errno of a call that failed
 */
export async function backupJournal(options: OpenOptions, to: string, onProgress: (progress: BackupProgress) => void): Promise<void> {
  if (existsSync(to)) throw errnoError('EEXIST', `${to} is there already`);
  const aside = join(dirname(to), `.${basename(to)}.${randomUUID().slice(0, 8)}.part`);
  // By default, SQLite would create the file readable for others, as the umask allows.
  closeSync(openSync(aside, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600));
  try {
    await copyInto(options, aside, onProgress);
    sync(aside, constants.O_RDWR);
    giveName(aside, to);
    sync(dirname(to), constants.O_RDONLY);
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${aside}${end}`, { force: true });
  }
}

async function copyInto(options: OpenOptions, aside: string, onProgress: (progress: BackupProgress) => void): Promise<void> {
  const database = openForReading({ ...options, checkedBytes: Number.POSITIVE_INFINITY });
  try {
    await database.backup(aside, {
      progress(progress) {
        onProgress(progress);
        return pagesAtOnce;
      },
    });
  } finally {
    database.close();
  }
  guarded(aside, () => {
    const addon = options.nativeBinding === undefined ? {} : { nativeBinding: options.nativeBinding as unknown as string };
    const copy = new Database(aside, addon);
    try {
      // The result is one file, without the files of a write-ahead log.
      copy.pragma('journal_mode = DELETE');
      assertIntact(copy, aside);
    } finally {
      copy.close();
    }
  });
}

const pagesAtOnce = 1_024;

function sync(path: string, flags: number): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } catch (error) {
    // Some systems and filesystems cannot sync a folder.
    if (flags !== constants.O_RDONLY) throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Gives the copy its name. A stick with FAT has no links. */
function giveName(aside: string, to: string): void {
  try {
    linkSync(aside, to);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST' || existsSync(to)) throw errnoError('EEXIST', `${to} is there already`);
    renameSync(aside, to);
  }
}
