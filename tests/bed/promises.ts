import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FileJson } from '@sluice/control';
import * as assert from 'uvu/assert';
import { journaled } from './ask.ts';
import { type Folders, hashCopies, hashTree } from './folders.ts';

type Hashes = Readonly<Record<string, string>>;

/**
 * Asserts what has to be true after any sequence of faults, once everything is copied.
 * @param theirs files that other programs had put at the destination before
 */
export async function assertPromises(folders: Folders, theirs: Hashes): Promise<readonly FileJson[]> {
  const files = journaled(folders.stateDir);
  const [sent, there] = [await hashTree(folders.source), await hashCopies(folders.destination)];
  for (const [name, hash] of Object.entries(theirs)) assert.is(there[name], hash, `${name} was not ours`);
  for (const [source, hash] of Object.entries(sent)) {
    const arrived = files.filter((file) => file.source === source && file.status === 'COMPLETED');
    assert.is(arrived.length, 1, `${source} arrived ${arrived.length} times`);
    assert.is(there[arrived[0]?.destination ?? ''], hash, `${source} arrived as it is`);
  }
  assertNames(files, Object.keys(there), Object.keys(theirs));
  assertLineages(files);
  assertJournalIsWhole(folders.stateDir);
  return files;
}

/** Asserts that nothing hidden is left, and that every name that differs from the source's has its reason in the journal. */
function assertNames(files: readonly FileJson[], there: readonly string[], theirs: readonly string[]): void {
  assert.equal(
    there.filter((name) => /(^|\/)\./.test(name)),
    [],
    'nothing hidden is left',
  );
  const ours = new Map(files.map((file) => [file.destination, file]));
  for (const name of there) assert.ok(theirs.includes(name) || ours.has(name), `${name} is nobody's`);
  for (const file of files) {
    const isOwnName = file.source === file.destination;
    assert.is(isOwnName, file.nameReason === null, `${file.source} > ${file.destination}: ${file.nameReason}`);
    if (file.nameReason === 'recovery') assert.ok(files.some(({ recoveredBy }) => recoveredBy === file.id) || file.attempt > 1);
  }
}

/** Asserts that attempts are linked both ways, and that an id stands for one attempt. */
function assertLineages(files: readonly FileJson[]): void {
  const byId = new Map(files.map((file) => [file.id, file]));
  assert.is(byId.size, files.length, 'no id twice');
  for (const { id, recoveryOf, source } of files) {
    if (recoveryOf === null) continue;
    const before = byId.get(recoveryOf);
    assert.equal([before?.recoveredBy, before?.status, before?.source], [id, 'FAILED', source]);
  }
}

export function assertJournalIsWhole(stateDir: string): void {
  const database = new DatabaseSync(join(stateDir, 'journal.db'), { readOnly: true });
  assert.equal(database.prepare('PRAGMA integrity_check').all().map(Object.values), [['ok']]);
  database.close();
}
