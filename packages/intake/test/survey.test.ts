// real: makes a pipe and starts a process
import { execFileSync } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startChild } from '@sluice/child';
import { setMainModule } from '@sluice/platform';
import { compileCache } from '@sluice/testkit/compile-cache';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type SourceSurvey, surveySource } from '../src/survey.ts';
import { makeSource, routeOf, type Source } from './support/source.ts';

setMainModule(fileURLToPath(new URL('./support/intake-main.ts', import.meta.url)));

const test = suite<{ source: Source }>('survey');

test.before.each(async (context) => {
  context.source = await makeSource();
});
test.after.each(({ source }) => source.remove());

test('surveySource: lists what is taken in and what is left alone, by rule, with a sentence and examples', async ({ source }) => {
  await source.write({
    'a.mov': 3,
    'x/b.mov': 4,
    '.dot': 1,
    '.dir/c.mov': 1,
    'd.tmp': 1,
    'e.mov.part': 1,
    'f.wav': 1,
    'x/proxy/g.mov': 1,
    'h.mov': 0,
  });
  await symlink('a.mov', source.path('link.mov'));
  execFileSync('mkfifo', [source.path('pipe.mov')]);
  const survey = await surveySource(routeOf(source.root, { include: ['**/*.mov'], exclude: ['**/proxy/**'] }));
  assert.equal([survey.taken, survey.takenBytes, survey.failure, survey.invalidNames], [2, 7, null, []]);
  assert.equal(survey.largest, { path: 'x/b.mov', sizeBytes: 4 });
  assert.match(survey.description, /^\(.+\)$/);
  const left = survey.leftAlone.map(({ rule, sentence, count, examples }) => [rule, sentence, count, [...examples].sort()] as const);
  assert.equal(
    left.sort(([a], [b]) => (a < b ? -1 : 1)),
    [
      ['dotfile', 'its name begins with a dot', 2, ['.dir', '.dot']],
      ['empty', 'it is empty', 1, ['h.mov']],
      ['excluded', 'an exclude pattern of the route matches', 1, ['x/proxy']],
      ['not_included', 'no include pattern of the route matches', 1, ['f.wav']],
      ['special', 'it is not a regular file', 1, ['pipe.mov']],
      ['symlink', 'it is a symbolic link; links are not followed', 1, ['link.mov']],
      ['temporary', 'its name is one of a temporary file', 2, ['d.tmp', 'e.mov.part']],
    ],
  );
});

test('surveySource: names five examples of each, and counts all', async ({ source }) => {
  source.fill(Array.from({ length: 12 }, (_, index) => `${index}.tmp`));
  const { leftAlone } = await surveySource(routeOf(source.root));
  assert.equal([leftAlone.length, leftAlone[0]?.count, leftAlone[0]?.examples.length], [1, 12, 5]);
});

test('surveySource: names that cannot be copied are listed', async ({ source }) => {
  await writeFile(Buffer.concat([Buffer.from(`${source.root}/b`), Buffer.from([0xe4]), Buffer.from('d.mov')]), 'x');
  const { invalidNames, invalidCount, taken } = await surveySource(routeOf(source.root));
  assert.equal([invalidNames, invalidCount, taken], [['b\ufffdd.mov'], 1, 1]);
});

test('surveySource: names five of the names that cannot be copied, and counts all', async ({ source }) => {
  const bad = (index: number): Buffer => Buffer.concat([Buffer.from(`${source.root}/${index}`), Buffer.from([0xe4])]);
  for (let index = 0; index < 7; index += 1) await writeFile(bad(index), 'x');
  const { invalidNames, invalidCount } = await surveySource(routeOf(source.root));
  assert.equal([invalidNames.length, invalidCount], [5, 7]);
});

test('surveySource: a missing source is reported by its code', async ({ source }) => {
  const survey = await surveySource(routeOf(source.path('nothing')));
  assert.equal([survey.failure, survey.taken, survey.leftAlone], ['ENOENT', 0, []]);
});

test('runSurvey: gives one answer, and changes nothing', async ({ source }) => {
  await source.write({ 'a.mov': 3, 'b.tmp': 1 });
  const before = execFileSync('ls', ['-laR', '--full-time', source.root], { encoding: 'utf8' });
  const answered = Promise.withResolvers<SourceSurvey>();
  const gone = Promise.withResolvers<void>();
  const child = startChild<{ readonly route: ReturnType<typeof routeOf> }, never, SourceSurvey>({
    kind: 'survey',
    accepts: () => true,
    init: { route: routeOf(source.root) },
    env: compileCache,
    onMessage: answered.resolve,
    onEnd: ({ diagnosis }) => answered.reject(new Error(diagnosis)),
    onGone: gone.resolve,
  });
  const survey = await answered.promise;
  child.kill();
  await gone.promise;
  assert.equal([survey.taken, survey.takenBytes, survey.leftAlone[0]?.rule], [1, 3, 'temporary']);
  assert.is(execFileSync('ls', ['-laR', '--full-time', source.root], { encoding: 'utf8' }), before);
});

test.run();
