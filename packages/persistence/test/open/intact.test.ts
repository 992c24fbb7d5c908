import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal } from '../../src/journal.ts';
import { openReader } from '../../src/queries/queries.ts';
import { refusal, withPath } from '../support/folder.ts';
import { completed, idOf, writerOf } from '../support/records.ts';

function fill(path: string): void {
  const journal = openJournal({ path, now: () => 0 });
  const write = writerOf(journal);
  for (let number = 1; number <= 50; number += 1) write.file(completed(number, `day/${number}.mxf`));
  journal.close();
}

/** Passes every place in the file that has this text to `change`. @returns how many it changed */
function changeBytes(path: string, name: string, change: (bytes: Buffer, at: number) => boolean): number {
  const bytes = readFileSync(path);
  let changed = 0;
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1)) if (change(bytes, at)) changed += 1;
  writeFileSync(path, bytes);
  return changed;
}

test(
  'assertIntact: a name that differs only in an index is damage, for readers and for the agent',
  withPath((path) => {
    fill(path);
    // It occurs in the table and in an index, and one change is enough.
    let left = 1;
    const changed = changeBytes(path, 'day/17.mxf', (bytes, at) => {
      if (left === 0) return false;
      left -= 1;
      bytes[at] = 0x65;
      return true;
    });
    assert.is(changed, 1);
    for (const work of [() => openReader({ path }), () => openJournal({ path, now: () => 0 })]) {
      const { reason, technical } = refusal(work);
      assert.is(reason, 'damaged');
      assert.match(technical, /^integrity_check of .*: .*index/u);
    }
  }),
);

test(
  'assertRows: a file that differs from what was written is damage for a reader, before any query',
  withPath((path) => {
    fill(path);
    openReader({ path }).close();
    const database = new Database(path);
    database.prepare('UPDATE files SET size_bytes = 17 WHERE id = ?').run(idOf(17));
    database.close();
    assert.is(
      refusal(() => openReader({ path })).technical,
      `the record of tracked file ${idOf(17)} (COMPLETED) does not match its checksum`,
    );
  }),
);

test.run();
