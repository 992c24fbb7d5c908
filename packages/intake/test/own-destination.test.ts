// real: it runs mkfifo
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { rm, symlink, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { statPath } from '../src/listing/folder.ts';
import { surveySource } from '../src/survey.ts';
import { list, optionsFor, pathsOf } from './support/list.ts';
import { makeSource, routeOf, type Source } from './support/source.ts';

const test = suite<{ source: Source }>('a marker in the source');
const own = '0a0b0c0d-0000-4000-8000-000000000001';
const foreign = '0a0b0c0d-0000-4000-8000-000000000002';
const ownMarkers = new Set([own]);

test.before.each(async (context) => {
  context.source = await makeSource();
  await context.source.write({ 'day1/a.mxf': 3, 'day2/b.mxf': 3 });
});
test.after.each(({ source }) => source.remove());

const markerOf = (source: Source): string => source.path('day1/.sluice-destination');

for (const [what, text] of [
  ['empty', ''],
  ['foreign', `sluice destination ${foreign}\n`],
  ['huge', `${'x'.repeat(100_000)}${own}\n`],
] as const) {
  test(`an ${what} marker hides nothing, in listings and in checks of a path`, async ({ source }) => {
    await writeFile(markerOf(source), text);
    const listing = await list(source, { ownMarkers });
    assert.equal(pathsOf(listing), ['day1/a.mxf', 'day2/b.mxf']);
    assert.not.ok(listing.selection.leftAlone.some(({ rule }) => rule === 'destination'));
    assert.is((await statPath(optionsFor(source, { ownMarkers }), 'day1/a.mxf'))?.left, null);
    assert.is((await surveySource(routeOf(source.root), [own])).taken, 2);
  });
}

test('a link to a marker of this agent hides nothing', async ({ source }) => {
  await writeFile(source.path('real'), `${own}\n`);
  await symlink(source.path('real'), markerOf(source));
  assert.equal(pathsOf(await list(source, { ownMarkers })).slice(0, 2), ['day1/a.mxf', 'day2/b.mxf']);
});

if (process.platform !== 'win32') {
  for (const [what, make] of [
    ['a FIFO', (path: string) => void execFileSync('mkfifo', [path])],
    ['a link to a device without an end', (path: string) => symlinkSync('/dev/zero', path)],
    ['a folder', (path: string) => mkdirSync(path)],
  ] as const) {
    test(`${what} with the marker's name hides nothing, and delays neither listings nor checks`, async ({ source }) => {
      make(markerOf(source));
      assert.equal(pathsOf(await list(source, { ownMarkers })), ['day1/a.mxf', 'day2/b.mxf']);
      assert.is((await statPath(optionsFor(source, { ownMarkers }), 'day1/a.mxf'))?.left, null);
    });
  }
}

test('a marker anywhere above a path hides it from a check, but not the marker of the source itself', async ({ source }) => {
  await source.write({ 'a/b/c/d.mxf': 1 });
  const stat = () => statPath(optionsFor(source, { ownMarkers }), 'a/b/c/d.mxf');
  for (const folder of ['a', 'a/b', 'a/b/c']) {
    await writeFile(source.path(`${folder}/.sluice-destination`), `${own}\n`);
    assert.is(await stat(), null, folder);
    await rm(source.path(`${folder}/.sluice-destination`));
  }
  await writeFile(source.path('.sluice-destination'), `${own}\n`);
  assert.is((await stat())?.entry.path, 'a/b/c/d.mxf');
});

test('a listing counts all destinations of this agent, names the first by path, and does not read them', async ({ source }) => {
  const folders = ['z', 'y/in', 'x', 'w', 'v', 'u/in', 't'];
  for (const folder of folders) {
    await source.write({ [`${folder}/deeper/a.mxf`]: 1 });
    for (const marked of [folder, `${folder}/deeper`]) await writeFile(source.path(`${marked}/.sluice-destination`), `${own}\n`);
  }
  const { selection } = await list(source, { ownMarkers });
  assert.equal(selection.leftAlone, [{ rule: 'destination', pattern: null, count: 7, folders: 7, examples: ['t', 'u/in', 'v', 'w', 'x'] }]);
});

test('statPath: opens each folder above a path once, and its marker once', async ({ source }) => {
  const folders: string[] = [];
  for (let depth = 1; depth <= 12; depth += 1) {
    folders.push(`d${depth}`);
    const path = [...folders, 'a.mxf'].join('/');
    await source.write({ [path]: 1 });
    let calls = 0;
    await statPath(optionsFor(source, { ownMarkers, onCall: () => (calls += 1) }), path);
    assert.is(calls, 2 * depth + 1);
  }
});

test('a destination of this agent is left alone, and a survey counts and names it', async ({ source }) => {
  await writeFile(markerOf(source), `${own}\n`);
  assert.equal(pathsOf(await list(source, { ownMarkers })), ['day2/b.mxf']);
  assert.is(await statPath(optionsFor(source, { ownMarkers }), 'day1/a.mxf'), null);
  assert.equal((await list(source, { ownMarkers })).selection.leftAlone, [
    { rule: 'destination', pattern: null, count: 1, folders: 1, examples: ['day1'] },
  ]);
  const { taken, leftAlone } = await surveySource(routeOf(source.root), [own]);
  assert.is(taken, 1);
  assert.equal(leftAlone, [
    {
      rule: 'destination',
      pattern: null,
      folders: 1,
      sentence: 'it is a destination of this agent; its files would be copied again and again',
      count: 1,
      examples: ['day1'],
    },
  ]);
});

test.run();
