// real: kills processes that write
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openReader } from '../src/queries/queries.ts';
import { appendUntilKilled, assertKillsLoseNothing, whileAppending, wrongs } from './support/killed-writer.ts';

test('append: after kill -9 at 3 moments every acknowledged batch is complete, and no batch is written partly', () =>
  assertKillsLoseNothing(3));

test('openJournal: a first start that is killed at any moment is completed by the next one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kill-'));
  try {
    for (const lifeMs of [0, 3, 10, 25, 50]) {
      const path = join(folder, `${lifeMs}.db`);
      const acknowledged = await appendUntilKilled(path, 3, 'opening', lifeMs);
      assert.equal(wrongs(path, acknowledged), []);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('openReader: a journal is not reported as damaged because its agent writes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kill-'));
  try {
    const path = join(folder, 'journal.db');
    await whileAppending(path, 60, () => openReader({ path }).close());
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('wrongs: finds a partly written batch, a lost one and a gap', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kill-'));
  try {
    const path = join(folder, 'journal.db');
    const acknowledged = await appendUntilKilled(path, 40, 'acknowledgement', 0);
    assert.match(wrongs(path, acknowledged + 100_000).join('\n'), /was acknowledged/);
    const database = new Database(path);
    database.exec('DELETE FROM entries WHERE seq = 2');
    database.close();
    assert.match(wrongs(path, acknowledged).join('\n'), /half a batch.*entries, numbered to/s);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
