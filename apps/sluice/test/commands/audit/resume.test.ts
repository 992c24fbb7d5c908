import { appendFileSync, existsSync, linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Resume } from '../../../src/commands/audit/resume.ts';

const test = suite<{ folder: string; path: string }>('what an interrupted verify found right');

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'sluice-resume-'));
  context.path = join(context.folder, 'verify-progress.jsonl');
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const hour = 3_600_000;

test('Resume: results count for the same arguments within an hour, also after an incomplete line', ({ folder, path }) => {
  const resume = new Resume(folder, ['a'], () => 1_000);
  resume.add(['1', '2']);
  resume.add(['3']);
  resume.close();
  appendFileSync(path, '{"key":');
  assert.equal(new Resume(folder, ['a'], () => 1_000 + hour).read(), ['1', '2', '3']);
  assert.equal(new Resume(folder, ['b'], () => 1_000).read(), []);
  assert.equal(new Resume(folder, ['a'], () => 1_001 + hour).read(), []);
  assert.equal(new Resume(folder, ['a'], () => 999).read(), [], 'results from the future do not count');
});

test('Resume: the file is removed after a complete run', ({ folder, path }) => {
  const resume = new Resume(folder, [], () => 1);
  resume.add(['1']);
  resume.end();
  assert.not.ok(existsSync(path));
});

test('Resume: never writes through a link, or to a file with a second name', ({ folder, path }) => {
  const other = join(folder, 'other');
  for (const put of [symlinkSync, linkSync]) {
    writeFileSync(other, 'as it was\n');
    put(other, path);
    const resume = new Resume(folder, [], () => 1);
    resume.add(['1']);
    assert.equal([resume.isKept(), resume.read(), readFileSync(other, 'utf8')], [false, [], 'as it was\n']);
    rmSync(path);
  }
});

test.run();
