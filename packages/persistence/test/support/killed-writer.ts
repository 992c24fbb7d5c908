import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as passed } from 'node:timers/promises';
import { newestFiles } from '@sluice/testkit';
import * as assert from 'uvu/assert';
import { openJournal } from '../../src/journal.ts';

/**
 * Runs a process that appends to a journal, and kills it.
 *
 * @param waitFor what it has to do first: begin to open the journal, or get its first batch acknowledged
 * @param lifeMs how long it lives after that
 * @returns the last number that was acknowledged; 0: none was
 */
export async function appendUntilKilled(
  path: string,
  largest: number,
  waitFor: 'opening' | 'acknowledgement',
  lifeMs: number,
): Promise<number> {
  const deno = 'Deno' in globalThis ? ['run', '-A'] : [];
  const main = join(import.meta.dirname, 'append-main.ts');
  const child = spawn(execPath, [...deno, main, path, String(largest)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const hasBegun = Promise.withResolvers<void>();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
    if (waitFor === 'opening' || said.split('\n').length > 2) hasBegun.resolve();
  });
  const closed = once(child, 'close');
  await Promise.race([hasBegun.promise, closed]);
  await passed(lifeMs);
  child.kill('SIGKILL');
  const [, signal] = (await closed) as [number | null, string | null];
  assert.is(signal, 'SIGKILL', 'it ended by itself');
  // The kill may have cut the last line: only whole ones count.
  return Number(said.split('\n').at(-2) ?? 0);
}

/** Runs work again and again while a process appends to a journal. @param times how often */
export async function whileAppending(path: string, times: number, work: () => void): Promise<void> {
  const deno = 'Deno' in globalThis ? ['run', '-A'] : [];
  const child = spawn(execPath, [...deno, join(import.meta.dirname, 'append-main.ts'), path, '40'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const lines = createInterface({ input: child.stdout });
  let done = 0;
  try {
    // After a batch each, so that it goes on meanwhile. The first line says that it begins.
    for await (const line of lines) {
      if (line === '0') continue;
      work();
      done += 1;
      if (done === times) break;
    }
  } finally {
    child.kill('SIGKILL');
    await closed;
  }
  assert.is(done, times, 'it ended by itself');
}

interface Batch {
  readonly first: number;
  readonly size: number;
  readonly there: number;
  readonly last: number;
}

/** Everything that is wrong with what a killed writer left. */
export function wrongs(path: string, acknowledged: number): string[] {
  const journal = openJournal({ path, now: () => 0 });
  try {
    const { database } = journal;
    const { nextSeq } = journal.load();
    const files = newestFiles(journal, 'ingest');
    const batches = database
      .prepare(
        `SELECT CAST(detail ->> 'hash' AS INTEGER) AS first, detail ->> 'bytes' AS size, count(*) AS there, max(seq) AS last
          FROM entries GROUP BY 1, 2 ORDER BY 1`,
      )
      .all() as Batch[];
    const half = batches.filter(({ first, size, there, last }) => there !== size || last !== first + size - 1);
    const { n, most } = database.prepare('SELECT count(*) AS n, coalesce(max(seq), 0) AS most FROM entries').get() as {
      n: number;
      most: number;
    };
    const differing = database
      .prepare(
        'SELECT count(*) AS n FROM files AS f WHERE status <> (SELECT to_status FROM entries WHERE file = f.n ORDER BY seq DESC LIMIT 1)',
      )
      .get() as { n: number };
    return [
      ...(nextSeq - 1 >= acknowledged ? [] : [`${acknowledged} was acknowledged, ${nextSeq - 1} is there`]),
      ...half.map((batch) => `half a batch: ${JSON.stringify(batch)}`),
      ...(n === most ? [] : [`${n} entries, numbered to ${most}`]),
      ...(differing.n === 0 ? [] : [`${differing.n} files differ from their last entry`]),
      ...(files.length === Math.ceil(most / 3) ? [] : [`${files.length} files of ${most} entries`]),
      ...(database.pragma('integrity_check', { simple: true }) === 'ok' ? [] : ['the database is damaged']),
      ...((database.pragma('foreign_key_check') as unknown[]).length === 0 ? [] : ['an entry without its file']),
    ];
  } finally {
    journal.close();
  }
}

/** Kills a writer of one journal so many times. Fails where a batch that was acknowledged is lost, or one is there by half. */
export async function assertKillsLoseNothing(kills: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kill-'));
  try {
    const path = join(folder, 'journal.db');
    let before = 0;
    let withLog = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      const acknowledged = await appendUntilKilled(path, kill % 3 === 0 ? 600 : 40, 'acknowledgement', Math.random() * 50);
      assert.ok(acknowledged > before, `life ${kill} went on from ${before}, to ${acknowledged}`);
      if (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0) withLog += 1;
      assert.equal(wrongs(path, acknowledged), []);
      before = acknowledged;
    }
    assert.ok(withLog > kills / 2, `only ${withLog} kills left a log: they met no writing`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
