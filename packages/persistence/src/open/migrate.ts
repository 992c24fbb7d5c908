import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { damaged, JournalUnusable } from '../unusable.ts';
import { lossOf } from './files.ts';
import { applicationId, readHeader } from './header.ts';
import { journal } from './migrations/0001-journal.ts';
import { machine } from './migrations/0002-machine.ts';
import { typedEvents } from './migrations/0003-typed-events.ts';
import { listedFiles } from './migrations/0004-listed-files.ts';
import { checksums } from './migrations/0005-checksums.ts';
import { ownChecksums } from './migrations/0006-own-checksums.ts';
import { slimRecords } from './migrations/0007-slim-records.ts';
import { numberedFiles } from './migrations/0008-numbered-files.ts';
import { leftFiles } from './migrations/0009-left-files.ts';

/** SQL, or what works on the database itself. */
export type Migration = string | ((database: Database.Database) => void);

/** Numbered from 1; each runs in its own transaction. */
const ours: readonly Migration[] = [
  journal,
  machine,
  typedEvents,
  listedFiles,
  checksums,
  ownChecksums,
  slimRecords,
  numberedFiles,
  leftFiles,
];

/** What this program can read. */
export const newestVersion = ours.length;

/**
 * Brings a journal up to date; an existing one is backed up next to itself first.
 *
 * @param migrations the first makes version 1
 * @throws JournalUnusable where it was written by a newer program
 */
export function migrate(database: Database.Database, path: string, migrations: readonly Migration[] = ours): void {
  assertReadable(database, path, migrations.length);
  const version = versionOf(database);
  if (version > 0 && version < migrations.length) backUp(database, `${path}.before-v${migrations.length}`);
  for (const [index, migration] of migrations.entries()) {
    if (index >= version) advance(database, migration, index + 1);
  }
}

function advance(database: Database.Database, migration: Migration, to: number): void {
  database.transaction(() => {
    if (typeof migration === 'string') database.exec(migration);
    else migration(database);
    database.pragma(`user_version = ${to}`);
  })();
}

/** @throws JournalUnusable where it was written by a newer program */
export function assertReadable(database: Database.Database, path: string, newest: number = newestVersion): void {
  const version = versionOf(database);
  if (version > newest) throw newer(path, version, newest);
}

function newer(path: string, version: number, newest: number): JournalUnusable {
  return new JournalUnusable(
    'newer',
    `the journal ${path} was written by a newer Sluice; use that version, or another state folder`,
    `user_version is ${version}, this program reads up to ${newest}`,
  );
}

/**
 * Why this program could not use a journal, as far as its header shows; nothing is opened or made for that.
 *
 * @returns null: it may be usable
 */
export function journalTrouble(path: string): JournalUnusable | null {
  try {
    const header = readHeader(path);
    if (header === null) return statSync(path).size === 0 ? lossOf(path, false) : damaged(`${path} has no header of a database`);
    const isOurs = header.applicationId === applicationId;
    return isOurs && header.version > newestVersion ? newer(path, header.version, newestVersion) : null;
  } catch {
    // Who may not read it may be the wrong one to ask.
    return null;
  }
}

export function versionOf(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/**
 * Under its name only when it is whole, and never in place of another. One of this very form, of an earlier upgrade that was rolled
 * back, is kept as `.older`. Where another form was saved, which is what a migration began with that was cut off between two steps,
 * this one is saved under a name with its form.
 */
function backUp(database: Database.Database, path: string): void {
  const version = versionOf(database);
  const isOfThisForm = !existsSync(path) || readHeader(path)?.version === version;
  const to = isOfThisForm ? path : `${path}.from-v${version}`;
  const unfinished = `${to}.unfinished`;
  rmSync(unfinished, { force: true });
  database.prepare('VACUUM INTO ?').run(unfinished);
  if (existsSync(to)) renameSync(to, `${to}.older`);
  renameSync(unfinished, to);
}
