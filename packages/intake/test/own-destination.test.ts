import { symlink, writeFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { statPath } from '../src/listing.ts';
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
  test(`an ${what} one hides nothing, from listings and from checks of a path`, async ({ source }) => {
    await writeFile(markerOf(source), text);
    assert.equal(pathsOf(await list(source, { ownMarkers })), ['day1/a.mxf', 'day2/b.mxf']);
    assert.is((await statPath(optionsFor(source, { ownMarkers }), 'day1/a.mxf'))?.left, null);
    assert.is((await surveySource(routeOf(source.root), [own])).taken, 2);
  });
}

test('a link to an own one hides nothing', async ({ source }) => {
  await writeFile(source.path('real'), `${own}\n`);
  await symlink(source.path('real'), markerOf(source));
  assert.equal(pathsOf(await list(source, { ownMarkers })).slice(0, 2), ['day1/a.mxf', 'day2/b.mxf']);
});

test('an own one leaves its folder alone, and a survey counts and names it', async ({ source }) => {
  await writeFile(markerOf(source), `${own}\n`);
  assert.equal(pathsOf(await list(source, { ownMarkers })), ['day2/b.mxf']);
  assert.is(await statPath(optionsFor(source, { ownMarkers }), 'day1/a.mxf'), null);
  const { taken, leftAlone } = await surveySource(routeOf(source.root), [own]);
  assert.is(taken, 1);
  assert.equal(leftAlone, [
    {
      rule: 'destination',
      sentence: 'it is a destination of this agent; what is copied from there would be copied again',
      count: 1,
      examples: ['day1'],
    },
  ]);
});

test.run();
