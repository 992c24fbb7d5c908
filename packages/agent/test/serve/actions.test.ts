import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { actOnFiles, actOnRoutes, operatorOf } from '../../src/serve/actions.ts';
import { a, b, type Desk, entryOf, makeDesk } from './desk.ts';

const test = suite<Desk>('what is asked of files and routes');
const ann = { by: 'ann', reason: 'a test' };

test.before.each(async (context) => {
  Object.assign(context, makeDesk());
});
test.after.each((desk) => desk.close());

type Outcomes = Awaited<ReturnType<typeof actOnFiles>>;
const brief = (outcomes: Outcomes): unknown[] => outcomes.map(({ asked, file, refused }) => [asked, file?.source ?? null, refused]);

test('operatorOf: a user, and the address from which the user connected', () => {
  assert.equal(operatorOf({ user: 'ann', origin: null, reason: null }), { by: 'ann', reason: null });
  assert.equal(operatorOf({ user: 'ann', origin: '192.0.2.7', reason: 'why' }), { by: 'ann from 192.0.2.7', reason: 'why' });
  assert.is(operatorOf({ user: 'ann', origin: '2001:db8::7', reason: null }).by, 'ann from 2001:db8::7');
  assert.is(operatorOf({ user: 'ann', origin: 'home, sweet home', reason: null }).by, 'ann', 'that is not an address');
});

test('actOnFiles: a file can be named by id, prefix of an id, path, name or glob', async (desk) => {
  desk.rest('day1/clip.mxf', 'day1/other.bin');
  const id = desk.idOf('day1/clip.mxf');
  for (const name of [id, id.slice(0, 8), 'day1/clip.mxf', 'clip.mxf', '*.mxf', 'day1/c*']) {
    assert.equal(brief(await actOnFiles(desk.acting, 'skip', [name], ann)), [[name, 'day1/clip.mxf', null]]);
    assert.equal(desk.offered.splice(0), [{ kind: 'operator_asked', action: { do: 'skip', route: a, source: 'day1/clip.mxf' }, who: ann }]);
  }
});

test('actOnFiles: a name without a match gets a refusal; the others are done', async (desk) => {
  desk.rest('clip.mxf');
  const outcomes = await actOnFiles(desk.acting, 'skip', ['nothing.mxf', 'clip.mxf', 'zz*'], ann);
  assert.equal(brief(outcomes), [
    ['nothing.mxf', null, 'there is no tracked file with this name or id'],
    ['clip.mxf', 'clip.mxf', null],
    ['zz*', null, 'there is no tracked file with this name or id'],
  ]);
  assert.is(desk.offered.length, 1);
});

test('actOnFiles: each attempt of one source refers to the newest', async (desk) => {
  desk.rest('clip.mxf');
  const first = desk.idOf('clip.mxf');
  desk.send({ kind: 'entries_seen', route: a, entries: [] });
  for (const file of [desk.newest('clip.mxf')]) desk.state.routes.get(file.route)?.scanning.unconfirmed.clear();
  // The file is removed from the source, and another file of its name appears.
  desk.send({ kind: 'paths_noticed', route: a, paths: ['clip.mxf'] });
  const checkId = desk.state.routes.get(a)?.scanning.check?.id;
  assert.ok(checkId !== undefined);
  desk.send({ kind: 'paths_checked', route: a, checkId, present: [], absent: ['clip.mxf'] });
  assert.is(desk.newest('clip.mxf').status, 'REMOVED');
  desk.rest('clip.mxf');
  const second = desk.idOf('clip.mxf');
  assert.is.not(second, first);
  for (const name of [first, second, 'clip.mxf', '*.mxf']) {
    const outcomes = await actOnFiles(desk.acting, 'skip', [name], ann);
    assert.equal(
      outcomes.map(({ file, refused }) => [file?.id, refused]),
      [[second, null]],
    );
    assert.is(desk.offered.splice(0).length, 1);
  }
});

test('actOnFiles: a file that is named more than once gets one request', async (desk) => {
  desk.rest('clip.mxf', 'other.mxf');
  const outcomes = await actOnFiles(desk.acting, 'skip', ['clip.mxf', '*.mxf', desk.idOf('clip.mxf')], ann);
  assert.equal(brief(outcomes), [
    ['clip.mxf', 'clip.mxf', null],
    ['*.mxf', 'other.mxf', null],
  ]);
});

test('actOnFiles: if a glob matches several files, ended ones are left out', async (desk) => {
  desk.rest('one.mxf', 'two.mxf');
  desk.send({ kind: 'paths_noticed', route: a, paths: ['one.mxf'] });
  const checkId = desk.state.routes.get(a)?.scanning.check?.id;
  assert.ok(checkId !== undefined);
  desk.send({ kind: 'paths_checked', route: a, checkId, present: [], absent: ['one.mxf'] });
  assert.equal(brief(await actOnFiles(desk.acting, 'skip', ['*.mxf'], ann)), [['*.mxf', 'two.mxf', null]]);
  assert.equal(brief(await actOnFiles(desk.acting, 'skip', ['one.mxf'], ann)), [['one.mxf', 'one.mxf', 'it is no longer at the source']]);
});

test('actOnFiles: the same path on two routes is two files', async (desk) => {
  desk.rest('clip.mxf');
  desk.send({ kind: 'entries_seen', route: b, entries: [entryOf('clip.mxf')] });
  const outcomes = await actOnFiles(desk.acting, 'skip', ['clip.mxf'], ann);
  assert.equal(new Set(outcomes.map(({ file }) => file?.route)), new Set(['a', 'b']));
});

test('actOnFiles: a refused action is not offered; an accepted one takes effect with the next step', async (desk) => {
  desk.rest('clip.mxf');
  await actOnFiles(desk.acting, 'skip', ['clip.mxf'], ann);
  desk.settle();
  const outcomes = await actOnFiles(desk.acting, 'skip', ['clip.mxf'], ann);
  assert.is(outcomes[0]?.refused, 'it is already skipped');
  assert.is(outcomes[0]?.file?.hold, 'operator');
  assert.is(desk.offered.length, 0);
});

test('actOnFiles: a thousand files at once, by name and by glob, and the loop runs in between', async (desk) => {
  const names = Array.from({ length: 1_000 }, (_, index) => `${index}.mxf`);
  desk.rest(...names);
  let pauses = 0;
  const pause = (): Promise<void> => {
    pauses += 1;
    return Promise.resolve();
  };
  const before = performance.now();
  const outcomes = await actOnFiles({ ...desk.acting, asker: { isOwner: true, pause } }, 'skip', names, ann);
  assert.ok(performance.now() - before < 5_000);
  assert.is(outcomes.filter(({ refused }) => refused === null).length, 1_000);
  assert.is(pauses, 99);
  desk.settle();
  assert.is(desk.state.routes.get(a)?.movable.size, 0);
  assert.is((await actOnFiles(desk.acting, 'retry', ['*.mxf'], ann)).length, 1_000);
  desk.settle();
  assert.is(desk.state.routes.get(a)?.byStatus.DISCOVERED.size, 1_000);
});

test('actOnFiles: the rest of a request after the agent has stopped is refused without reading the journal', async (desk) => {
  const names = Array.from({ length: 20 }, (_, index) => `${index}.mxf`);
  desk.rest(...names);
  const pause = (): Promise<void> => {
    desk.state.hasStopped = true;
    desk.acting.reader.findExact = () => {
      throw new Error('the journal is closed');
    };
    return Promise.resolve();
  };
  const outcomes = await actOnFiles({ ...desk.acting, asker: { isOwner: true, pause } }, 'skip', names, ann);
  assert.equal(
    outcomes.map(({ refused }) => refused),
    names.map((_, index) => (index < 10 ? null : 'the agent is stopping')),
  );
});

test('actOnFiles: patterns of a request and wildcards of a pattern are limited, and the rest is done', async (desk) => {
  desk.rest('clip.mxf', ...Array.from({ length: 30 }, (_, index) => `odd[${index}].mxf`));
  const globs = Array.from({ length: 21 }, (_, index) => `zz${index}*`);
  const paths = Array.from({ length: 30 }, (_, index) => `odd[${index}].mxf`);
  const outcomes = await actOnFiles(desk.acting, 'skip', [...globs, ...paths, 'clip.mxf', '*?'.repeat(33)], ann);
  const refusals = outcomes.map(({ refused }) => refused);
  assert.equal(new Set(refusals.slice(0, 20)), new Set(['there is no tracked file with this name or id']));
  assert.match(refusals[20] ?? '', /^these are more than 20 patterns at once/);
  assert.equal(new Set(refusals.slice(21, 52)), new Set([null]));
  const [alone] = await actOnFiles(desk.acting, 'skip', ['*?'.repeat(33)], ann);
  assert.is(alone?.refused, 'a pattern has 66 wildcards; the limit is 64');
});

test('actOnFiles: a thousand names that are not whole paths are one search', async (desk) => {
  desk.rest('day1/clip.mxf', 'day2/clip.mxf', 'day1/other.mxf', 'top.mxf');
  const questions: string[] = [];
  const search: Desk['acting']['search'] = (question, deadlineAt, isOwner) => {
    questions.push(question.kind);
    return desk.acting.search(question, deadlineAt, isOwner);
  };
  const none = Array.from({ length: 1_000 }, (_, index) => `nothing-${index}.mxf`);
  const outcomes = await actOnFiles(
    { ...desk.acting, search },
    'skip',
    ['clip.mxf', ...none, 'top.mxf', 'day1/other.mxf', 'other.mxf'],
    ann,
  );
  assert.equal(questions, ['find_named']);
  assert.equal(
    outcomes.flatMap(({ asked, file }) => (file === null ? [] : [[asked, file.source]])),
    [
      ['clip.mxf', 'day2/clip.mxf'],
      ['clip.mxf', 'day1/clip.mxf'],
      ['top.mxf', 'top.mxf'],
      ['day1/other.mxf', 'day1/other.mxf'],
    ],
  );
  assert.is(outcomes.filter(({ refused }) => refused === 'there is no tracked file with this name or id').length, 1_000);
});

test('actOnFiles: a glob with more matches than the limit is refused, and has no effect', async (desk) => {
  desk.rest(...Array.from({ length: 5_001 }, (_, index) => `${index}.mxf`), 'one.bin');
  const outcomes = await actOnFiles(desk.acting, 'skip', ['*.mxf', 'one.bin'], ann);
  assert.equal(brief(outcomes), [
    ['*.mxf', null, 'this would be more than 5000 attempts at once, so nothing was done for it; name fewer'],
    ['one.bin', 'one.bin', null],
  ]);
  assert.is(desk.offered.length, 1);
});

test('actOnRoutes: one route, all routes, and an unknown one', (desk) => {
  const steer = (names: readonly string[] | null, until: number | null = null) =>
    actOnRoutes(desk.acting, { do: 'hold', names, until }, ann);
  assert.equal(steer(['a'], 5), [{ route: 'a', refused: null }]);
  assert.equal(desk.offered.splice(0), [{ kind: 'operator_asked', action: { do: 'hold', route: a, until: 5 }, who: ann }]);
  assert.equal(
    steer(null).map(({ route }) => route),
    ['a', 'b'],
  );
  desk.settle();
  assert.equal(
    [...desk.state.routes.values()].map(({ hold }) => hold?.by),
    ['ann', 'ann'],
  );
  assert.equal(steer(['inbox', 'a']), [
    { route: 'inbox', refused: 'there is no route "inbox"; the routes are a, b' },
    { route: 'a', refused: null },
  ]);
});

test('actOnRoutes: a route named a thousand times gets one request', (desk) => {
  const names = Array.from({ length: 1_000 }, () => 'a');
  assert.equal(actOnRoutes(desk.acting, { do: 'rescan', names, until: null }, ann), [{ route: 'a', refused: null }]);
  assert.is(desk.offered.length, 1);
});

test.run();
