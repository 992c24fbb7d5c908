import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sweepNextTo } from '../../src/packed/sweep.ts';

let folder = '';
const now = Date.UTC(2026, 0, 2);
const own = `${'a'.repeat(32)}.node`;
const other = `${'b'.repeat(32)}.node`;
const aside = '.00000000-0000-4000-8000-000000000000.tmp';

test.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-sweep-'));
});
test.after.each(() => rmSync(folder, { recursive: true, force: true }));

function lay(...names: readonly string[]): void {
  for (const name of names) writeFileSync(join(folder, name), name);
}

test('sweepNextTo: removes what other versions unpacked, and nothing else', () => {
  const others = ['sqlite.node', 'notes.txt', `${'b'.repeat(31)}.node`, `${'B'.repeat(32)}.node`, `${other}.kept`];
  lay(own, other, `${'0'.repeat(32)}.node`, ...others);
  sweepNextTo(join(folder, own), now);
  assert.equal(readdirSync(folder).toSorted(), [own, ...others].toSorted());
});

test('sweepNextTo: removes an incomplete file when it is too old to be still written', () => {
  for (const { ageMs, isKept } of [
    { ageMs: 0, isKept: true },
    { ageMs: 3_599_000, isKept: true },
    { ageMs: 3_601_000, isKept: false },
  ]) {
    lay(aside);
    utimesSync(join(folder, aside), (now - ageMs) / 1000, (now - ageMs) / 1000);
    sweepNextTo(join(folder, own), now);
    assert.is(readdirSync(folder).includes(aside), isKept, `${ageMs}`);
  }
});

test('sweepNextTo: leaves a file that cannot be removed, and removes the rest', () => {
  mkdirSync(join(folder, other));
  lay(`${'c'.repeat(32)}.node`);
  sweepNextTo(join(folder, own), now);
  assert.equal(readdirSync(folder), [other]);
});

test('sweepNextTo: a missing folder is not an error', () => {
  sweepNextTo(join(folder, 'none', own), now);
});

test.run();
