import { existsSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { journal } from './migrations/0001-journal.ts';
import { JournalUnusable } from './unusable.ts';

/** Numbered from 1; each runs in a transaction of its own. */
const migrations: readonly string[] = [journal];

/** What this program can read. */
export const newestVersion = migrations.length;

/**
 * Brings a journal up to date; an existing one is backed up beside itself first.
 *
 * @throws JournalUnusable where it was written by a newer program
 */
export function migrate(database: Database.Database, path: string): void {
  const version = versionOf(database);
  if (version > newestVersion) {
    throw new JournalUnusable(
      'newer',
      `the journal ${path} was written by a newer Sluice; use that one, or another state folder`,
      `user_version is ${version}, this program reads up to ${newestVersion}`,
    );
  }
  if (version > 0 && version < newestVersion) backUp(database, `${path}.before-v${newestVersion}`);
  for (let next = version; next < newestVersion; next += 1) {
    database.transaction(() => {
      database.exec(migrations[next] as string);
      database.pragma(`user_version = ${next + 1}`);
    })();
  }
}

export function versionOf(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

function backUp(database: Database.Database, to: string): void {
  if (!existsSync(to)) database.prepare('VACUUM INTO ?').run(to);
}
