// group: package
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { setTimeout as passed } from 'node:timers/promises';
import { isHeldAtStart, isLeftToJournal } from '@sluice/core';
import { statuses, type TrackedFile } from '@sluice/core/model';
import { newestFiles } from '@sluice/testkit';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal } from '../../../src/journal.ts';
import { newestVersion, versionOf } from '../../../src/open/migrate.ts';
import { openReader, readerOf } from '../../../src/queries/queries.ts';
import { fileOf } from '../../support/arbitraries.ts';
import { refusal, withPath } from '../../support/folder.ts';
import { completed, failed, idOf, ready, route } from '../../support/records.ts';
import { writeVersionSeven } from '../../support/version-seven.ts';

/** Returns files of every state, all different, of which a start can learn. */
function anyFiles(count: number): TrackedFile[] {
  const used = new Set<string>();
  return fc
    .sample(fc.constantFrom(...statuses).chain(fileOf), { numRuns: count, seed: 7 })
    .filter((file) => isHeldAtStart(file) || isLeftToJournal(file))
    .filter(({ id, route: of, source }) => !used.has(id) && !used.has(`${of}\0${source}`) && used.add(id).add(`${of}\0${source}`));
}

test(
  'numberedFiles: converts every file of every state unchanged, with its entries, in order',
  withPath((path) => {
    const files = anyFiles(500);
    writeVersionSeven(path, files);
    const journal = openJournal({ path, now: () => 0 });
    assert.equal(newestFiles(journal, ...new Set(files.map((file) => file.route))), files);
    assert.is(journal.load().nextSeq, 2 * files.length + 2);
    const reader = readerOf(journal.database);
    for (const [index, file] of files.entries()) {
      const seq = 2 * index + 1;
      assert.equal(reader.timeline(file.id), [
        { seq, at: seq, from: null, to: 'DISCOVERED', event: { kind: 'found' } },
        { seq: seq + 1, at: seq + 1, from: 'DISCOVERED', to: file.status, event: { kind: 'destination_not_reached', code: 'EIO' } },
      ]);
    }
    const [last] = reader.records({ before: null, limit: 1 });
    assert.equal(last?.event, { kind: 'hold_expired' });
    journal.close();
    openReader({ path }).close();
  }),
);

test(
  'numberedFiles: converts the names in use, the counts and the attempts for a source',
  withPath((path) => {
    const files = [
      failed(1, 'a', { left: 'a', recoveredBy: idOf(2) }),
      completed(2, 'a', { destination: 'a_1' }),
      completed(3, 'b'),
      ready(4, 'b'),
    ];
    writeVersionSeven(path, files);
    const journal = openJournal({ path, now: () => 0 });
    const image = journal.load();
    assert.equal(image.files, [files[1], files[3]]);
    assert.equal(
      image.usedNames.map(({ destination }) => destination),
      ['a'],
    );
    assert.equal([journal.ended.ownerOf(route, 'a_1'), journal.ended.ownerOf(route, 'b')], [idOf(2), idOf(3)]);
    const reader = readerOf(journal.database);
    const { FAILED, COMPLETED, READY } = reader.counts(route);
    assert.equal([FAILED, COMPLETED, READY, reader.recovered(route)], [1, 2, 1, 1]);
    assert.equal(reader.lineage(route, 'a'), files.slice(0, 2));
    assert.is(journal.database.pragma('integrity_check', { simple: true }), 'ok');
    assert.equal(journal.database.pragma('foreign_key_check'), []);
    journal.close();
  }),
);

test(
  'numberedFiles: refuses a journal with a damaged record, and does not change it',
  withPath((path) => {
    writeVersionSeven(path, [completed(1, 'a'), completed(2, 'b')]);
    const database = new Database(path);
    database.prepare(`UPDATE files SET record = replace(record, '"attempt":1', '"attempt":2') WHERE id = ?`).run(idOf(2));
    database.close();
    assert.match(refusal(() => openJournal({ path, now: () => 0 })).technical, `the record of tracked file ${idOf(2)}`);
    const after = new Database(path);
    assert.is(versionOf(after), 7);
    assert.is((after.prepare('SELECT count(*) AS n FROM entries').get() as { n: number }).n, 5);
    after.close();
  }),
);

/** @param lifeMs how long it may work. @returns whether it was done by then */
async function openUntilKilled(path: string, lifeMs: number): Promise<boolean> {
  const deno = 'Deno' in globalThis ? ['run', '-A'] : [];
  const main = join(import.meta.dirname, '../../support/open-main.ts');
  const child = spawn(execPath, [...deno, main, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const hasBegun = Promise.withResolvers<void>();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
    hasBegun.resolve();
  });
  const closed = once(child, 'close');
  await Promise.race([hasBegun.promise, closed]);
  await passed(lifeMs);
  child.kill('SIGKILL');
  await closed;
  return said.includes('done');
}

test('numberedFiles: kill -9 at any moment of the upgrade loses nothing, and the next start completes it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kill-'));
  try {
    const files = Array.from({ length: 3_000 }, (_, number) => completed(number + 1, `day/${number}.mxf`));
    const path = join(folder, 'journal.db');
    writeVersionSeven(path, files);
    let kills = 0;
    for (let lifeMs = 20; !(await openUntilKilled(path, lifeMs)); lifeMs *= 1.7) {
      const database = new Database(path);
      // Each migration is one transaction.
      assert.ok(versionOf(database) >= 7 && versionOf(database) <= newestVersion, `version ${versionOf(database)}`);
      assert.is(database.pragma('integrity_check', { simple: true }), 'ok');
      assert.is((database.prepare('SELECT count(*) AS n FROM entries').get() as { n: number }).n, 2 * files.length + 1);
      database.close();
      kills += 1;
    }
    assert.ok(kills > 2, `only ${kills} kills met it`);
    const journal = openJournal({ path, now: () => 0 });
    assert.equal(newestFiles(journal, route), files);
    journal.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
