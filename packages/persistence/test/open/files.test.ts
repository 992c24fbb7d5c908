// real: it makes a FIFO with a program of the system
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal } from '../../src/journal.ts';
import { journalTrouble } from '../../src/open/migrate.ts';
import { openReader } from '../../src/queries/queries.ts';
import { refusal, withPath } from '../support/folder.ts';

const isPosix = process.platform !== 'win32';
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const open = (path: string, more: { readonly hasLived?: boolean } = {}) => openJournal({ path, now: () => 0, ...more });

test(
  'openJournal: refuses a link, a hard link and a FIFO, and does not change what they lead to',
  withPath((path) => {
    if (!isPosix) return;
    const victim = join(dirname(path), 'passwd');
    writeFileSync(victim, '', { mode: 0o644 });
    const traps: readonly ((entry: string) => void)[] = [
      (entry) => symlinkSync(victim, entry),
      (entry) => linkSync(victim, entry),
      (entry) => void execFileSync('mkfifo', [entry]),
    ];
    for (const entry of [path, `${path}-wal`]) {
      for (const set of traps) {
        set(entry);
        assert.match(refusal(() => open(path)).message, /journal cannot be used; move away.*\((?:.*) (?:is a link|has 2 names|is a FIFO)/u);
        rmSync(entry);
        assert.is(readFileSync(victim, 'utf8'), '');
        assert.is(modeOf(victim), '644');
      }
    }
  }),
);

test(
  'openReader: does not wait for a FIFO',
  withPath((path) => {
    if (!isPosix) return;
    execFileSync('mkfifo', [path]);
    assert.match(refusal(() => openReader({ path })).message, /is a FIFO, not a file/u);
    assert.is(journalTrouble(path), null);
    rmSync(path);
    open(path).close();
    execFileSync('mkfifo', [`${path}-wal`]);
    assert.match(refusal(() => openReader({ path })).message, /-wal is a FIFO, not a file/u);
  }),
);

test(
  'openJournal: nobody else may read what is created, nor what an earlier version created',
  withPath((path) => {
    if (!isPosix) return;
    const before = process.umask(0);
    try {
      const journal = open(path);
      assert.equal(
        ['', '-wal', '-shm'].map((suffix) => modeOf(path + suffix)),
        ['600', '600', '600'],
      );
      assert.is(process.umask(), 0);
      journal.close();
      chmodSync(path, 0o644);
      const again = open(path);
      assert.equal(
        ['', '-wal', '-shm'].map((suffix) => modeOf(path + suffix)),
        ['600', '600', '600'],
      );
      again.close();
    } finally {
      process.umask(before);
    }
  }),
);

test(
  'openJournal: an empty file next to the log of an earlier run is a loss, and is not changed',
  withPath((path) => {
    writeFileSync(path, '');
    writeFileSync(join(dirname(path), 'sluice.log'), '{}\n');
    for (const ask of [() => open(path), () => openReader({ path })]) {
      const loss = refusal(ask);
      assert.is(loss.reason, 'damaged');
      assert.match(
        loss.message,
        /is empty, and its history is lost; put a backup .* or move the empty file away .*\(0 bytes, next to sluice\.log/u,
      );
    }
    assert.match(journalTrouble(path)?.message ?? '', /history is lost/u);
    assert.is(statSync(path).size, 0);
    rmSync(path);
    open(path).close();
  }),
);

test(
  'openJournal: an empty file is a loss if an agent has recorded its socket, and otherwise a beginning',
  withPath((path) => {
    writeFileSync(path, '');
    assert.match(refusal(() => open(path, { hasLived: true })).message, /next to agent\.lock/u);
    writeFileSync(join(dirname(path), 'agent.lock'), 'of this start');
    open(path).close();
    assert.ok(statSync(path).size > 0);
  }),
);

test.run();
