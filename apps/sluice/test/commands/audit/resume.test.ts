import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Resume } from '../../../src/commands/audit/resume.ts';
import { limits } from '../../../src/limits.ts';

const test = suite<{ folder: string; path: string }>('what an interrupted verify found right');

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'sluice-resume-'));
  context.path = join(context.folder, 'verify-progress-4f53cda18c2baa0c.jsonl');
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const hour = 3_600_000;

test('Resume: results count for the same arguments within an hour, also after an incomplete line', ({ folder, path }) => {
  const resume = new Resume(folder, [], () => 1_000);
  resume.add(['1', '2']);
  resume.add(['3']);
  resume.close();
  appendFileSync(path, '{"at":');
  assert.equal(new Resume(folder, [], () => 1_000 + hour).read(), ['1', '2', '3']);
  assert.equal(new Resume(folder, ['b'], () => 1_000).read(), []);
  assert.equal(new Resume(folder, [], () => 1_001 + hour).read(), []);
  assert.equal(new Resume(folder, [], () => 999).read(), [], 'results from the future do not count');
});

test('Resume: the file is removed after a complete run', ({ folder, path }) => {
  const resume = new Resume(folder, [], () => 1);
  resume.add(['1']);
  resume.end();
  assert.not.ok(existsSync(path));
});

test('Resume: a complete run leaves the results of runs with other arguments, and removes those that have expired', ({ folder }) => {
  const now = Date.now();
  for (const key of ['a', 'b', 'c']) {
    const other = new Resume(folder, [key]);
    other.add([key]);
    other.close();
  }
  const [first = ''] = readdirSync(folder);
  utimesSync(join(folder, first), new Date(now - hour - 10_000), new Date(now - hour - 10_000));
  writeFileSync(join(folder, 'verify-progress.jsonl'), '');
  const complete = new Resume(folder, ['d']);
  complete.add(['1']);
  complete.end();
  const left = ['a', 'b', 'c'].flatMap((key) => new Resume(folder, [key]).read());
  assert.is(left.length, 2);
  assert.is(readdirSync(folder).length, 3);
});

test('Resume: keeps a bounded number of files', ({ folder }) => {
  for (let key = 0; key < limits.verifyResumeFiles + 10; key += 1) {
    const resume = new Resume(folder, [key]);
    resume.add(['1']);
    resume.close();
  }
  assert.is(readdirSync(folder).length, limits.verifyResumeFiles + 1);
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
