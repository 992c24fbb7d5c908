// real: starts intake processes, and watches a folder
import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { appendFile, chmod, mkdir, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import process, { execPath } from 'node:process';
import * as assert from 'uvu/assert';
import { brief, intakeSuite, open, quiet, start } from './support/intake-suite.ts';
import { asNobody } from './support/nobody.ts';
import { routeOf } from './support/source.ts';
import { startIntake } from './support/start-intake.ts';

const test = intakeSuite('intake');

test('runIntake: the first listing reports the state, then every file, then that it is complete', async (context) => {
  await context.source.write({ 'a.mov': 3, 'x/b.txt': 4, '.dot': 1, 'young.mov': 0 });
  const { answer, paths, states } = await start(context, context.source.root, { stableAfterMs: 60_000 }).list();
  assert.equal(paths, ['a.mov', 'x/b.txt']);
  assert.equal([states.length, states[0]?.state, states[0]?.code, states[0]?.cacheMs], [1, 'ok', null, 0]);
  assert.ok((states[0]?.freeBytes ?? 0) > 0);
  assert.match(states[0]?.description ?? '', /^\(LOCAL DISK|^\(tmpfs/);
  assert.ok(answer.kind === 'listing_completed' && answer.processorMs >= 0);
  assert.equal(
    { ...answer, listingId: '', processorMs: 0 },
    {
      kind: 'listing_completed',
      route: 'test',
      listingId: '',
      vanished: [],
      isQuick: false,
      processorMs: 0,
      entryCount: 2,
      youngEmptyCount: 1,
      selection: {
        leftAlone: [
          { rule: 'dotfile', pattern: null, count: 1, folders: 0, examples: ['.dot'] },
          { rule: 'empty', pattern: null, count: 1, folders: 0, examples: ['young.mov'] },
        ],
        unmatched: [],
      },
    },
  );
});

test('serveIntake: afterwards only what is new or changed is reported, also what only its change time shows', async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3, 'b.mov': 4, 'c.mov': 5 });
  const intake = open(context);
  await intake.list();
  assert.equal(brief(await intake.list()), quiet);
  await appendFile(source.path('a.mov'), 'x');
  await utimes(source.path('b.mov'), 1_700_000_000, 1_700_000_000);
  await chmod(source.path('c.mov'), 0o600);
  await source.write({ 'new/d.mov': 1 });
  assert.equal(brief(await intake.list()), { paths: ['a.mov', 'b.mov', 'c.mov', 'new/d.mov'], vanished: [] });
  assert.equal(brief(await intake.list()), quiet);
});

test('serveIntake: a file that is to be reported again is, unchanged, even if the listing that asked for it failed', async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3, 'b.mov': 4 });
  const intake = open(context);
  await intake.list();
  await rename(source.root, `${source.root}-away`);
  assert.is((await intake.list(false, false, { again: ['a.mov'] })).answer.kind, 'listing_failed');
  await rename(`${source.root}-away`, source.root);
  assert.equal(brief(await intake.list()), { paths: ['a.mov'], vanished: [] });
  assert.equal(brief(await intake.list()), quiet);
});

test('serveIntake: a file is gone after two listings without it, and new when it is found again', async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3, 'b.mov': 4 });
  const intake = open(context);
  await intake.list();
  await rename(source.path('a.mov'), source.path('../a.mov'));
  assert.equal(brief(await intake.list()), quiet);
  assert.equal(brief(await intake.list()), { paths: [], vanished: ['a.mov'] });
  assert.equal(brief(await intake.list()), quiet);
  await rename(source.path('../a.mov'), source.path('a.mov'));
  assert.equal(brief(await intake.list()), { paths: ['a.mov'], vanished: [] });
});

test('serveIntake: a quick listing finds what came and went, and reports a file as gone at the second one', async (context) => {
  const { source } = context;
  await source.write({ 'day1/a.mov': 3, 'day1/b.mov': 4, 'c.mov': 1 });
  const intake = open(context);
  const isQuick = async (): Promise<readonly [unknown, unknown]> => {
    const reported = await intake.list(false, true);
    return [reported.answer.kind === 'listing_completed' && reported.answer.isQuick, brief(reported)];
  };
  // A process that knows nothing yet cannot list quickly.
  assert.equal(await isQuick(), [false, { paths: ['c.mov', 'day1/a.mov', 'day1/b.mov'], vanished: [] }]);
  assert.equal(await isQuick(), [true, quiet]);
  await source.write({ 'day2/d.mov': 1 });
  await rm(source.path('day1'), { recursive: true });
  assert.equal(await isQuick(), [true, { paths: ['day2/d.mov'], vanished: [] }]);
  assert.equal(await isQuick(), [true, { paths: [], vanished: ['day1/a.mov', 'day1/b.mov'] }]);
  assert.equal(await isQuick(), [true, quiet]);
  await rm(source.path('c.mov'));
  await rm(source.path('day2'), { recursive: true });
  // Only a full listing can judge that a full source is empty now.
  const { answer } = await intake.list(false, true);
  assert.is(answer.kind, 'listing_failed');
});

test('serveIntake: missing in one listing and there in the next is not gone; its change time has moved', async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3, 'b.mov': 4 });
  const intake = open(context);
  await intake.list();
  for (let round = 0; round < 3; round += 1) {
    await rename(source.path('a.mov'), source.path('../a.mov'));
    assert.equal(brief(await intake.list()), quiet);
    await rename(source.path('../a.mov'), source.path('a.mov'));
    assert.equal(brief(await intake.list()), { paths: ['a.mov'], vanished: [] });
  }
});

test('serveIntake: a file that becomes something that is left alone is not gone', async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3, 'b.mov': 4, 'c.mov': 5, 'd.mov': 6 });
  const intake = open(context);
  await intake.list();
  await truncate(source.path('a.mov'));
  await rm(source.path('b.mov'));
  await symlink('d.mov', source.path('b.mov'));
  await rm(source.path('c.mov'));
  await mkdir(source.path('c.mov'));
  for (let round = 0; round < 3; round += 1) assert.equal(brief(await intake.list()), quiet);
});

test('serveIntake: a renamed folder gives new files at once, and the old ones are gone after two listings', async (context) => {
  const { source } = context;
  await source.write({ 'day1/a.mov': 3, 'day1/x/b.mov': 4, 'c.mov': 1 });
  const intake = open(context);
  await intake.list();
  await rename(source.path('day1'), source.path('day2'));
  assert.equal(brief(await intake.list()), { paths: ['day2/a.mov', 'day2/x/b.mov'], vanished: [] });
  const { answer } = await intake.list();
  assert.equal(answer.kind === 'listing_completed' ? [...answer.vanished].sort() : answer, ['day1/a.mov', 'day1/x/b.mov']);
});

test('serveIntake: files in an unreadable folder do not count as removed, all others do', async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3, 'b.mov': 4 });
  for (const folder of [source.root, dirname(source.root)]) if (folder !== tmpdir()) await chmod(folder, 0o755);
  const intake = startIntake(routeOf(source.root, { exclude: ['*.nowhere'] }), { TEMP: asNobody });
  context.intakes.push(intake);
  await intake.list();
  await source.write({ 'locked/kept.mov': 5 });
  const unmatched = ({ answer }: Awaited<ReturnType<typeof intake.list>>): string[] | null =>
    answer.kind === 'listing_completed' ? answer.selection.unmatched.map(({ pattern }) => pattern) : null;
  assert.equal(unmatched(await intake.list()), ['*.nowhere']);
  await rm(source.path('a.mov'));
  await source.write({ 'c.mov': 1 });
  await chmod(source.path('locked'), 0o000);
  try {
    for (let round = 0; round < 3; round += 1) {
      const reported = await intake.list();
      assert.equal(brief(reported), { paths: round === 0 ? ['c.mov'] : [], vanished: round === 1 ? ['a.mov'] : [] });
      assert.equal(reported.answer.kind === 'listing_completed' ? reported.answer.unread : null, ['locked']);
      assert.equal(unmatched(reported), [], 'what a pattern matches may be in it');
      assert.equal(
        reported.states.map(({ state, code }) => [state, code]),
        round === 0 ? [['unreadable', 'EACCES']] : [],
      );
    }
  } finally {
    await chmod(source.path('locked'), 0o755);
  }
  const healed = await intake.list();
  assert.equal([brief(healed), healed.states[0]?.state], [quiet, 'ok']);
});

test('serveIntake: files under a path that is longer than a system call takes are found, and reported as gone', async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3 });
  const part = 'n'.repeat(250);
  const make = `for (let n = 0; n < 17; n += 1) fs.mkdirSync('${part}'), process.chdir('${part}'); fs.writeFileSync('deep.mov', 'x')`;
  execFileSync(execPath, ['-e', make], { cwd: source.root });
  const deep = `${`${part}/`.repeat(17)}deep.mov`;
  const intake = open(context);
  assert.equal(brief(await intake.list()), { paths: ['a.mov', deep], vanished: [] });
  execFileSync('rm', ['-rf', source.path(part)]);
  assert.equal(brief(await intake.list()), quiet);
  assert.equal(brief(await intake.list()), { paths: [], vanished: [deep] });
});

for (const [what, spoil, state, code] of [
  ['missing', (path: string) => rename(path, `${path}.away`), 'missing', 'ENOENT'],
  ['a file', (path: string) => rename(path, `${path}.away`).then(() => writeFile(path, 'x')), 'unreadable', 'ENOTDIR'],
  ['a link to itself', (path: string) => rename(path, `${path}.away`).then(() => symlink(path, path)), 'unreadable', 'ELOOP'],
] as const) {
  test(`serveIntake: a root that is ${what} is reported once, and removes nothing`, async (context) => {
    const { source } = context;
    await source.write({ 'a.mov': 3 });
    const intake = open(context);
    await intake.list();
    await spoil(source.root);
    for (let round = 0; round < 3; round += 1) {
      const reported = await intake.list();
      assert.equal(brief(reported), { paths: [], failed: code });
      assert.equal(
        reported.states.map((one) => [one.state, one.code, one.freeBytes]),
        round === 0 ? [[state, code, null]] : [],
      );
      assert.equal((await intake.check('a.mov')).answer.absent, []);
    }
    await rm(source.root, { force: true });
    await rename(`${source.root}.away`, source.root);
    const back = await intake.list();
    assert.equal([brief(back), back.states[0]?.state], [quiet, 'ok']);
  });
}

test('serveIntake: a root that never existed removes nothing when a file is checked by name', async (context) => {
  const intake = open(context, context.source.path('nothing'));
  assert.equal((await intake.check('a.mov')).answer, { ...(await intake.check('a.mov')).answer, checkId: 'check-1' });
  const { answer } = await intake.check('a.mov');
  assert.equal([answer.present, answer.absent], [[], []]);
});

test('serveIntake: a link with the name of the root leads to it', async (context) => {
  const { source } = context;
  await source.write({ 'real/a.mov': 3 });
  await symlink('real', source.path('link'));
  assert.equal(brief(await open(context, source.path('link')).list()), { paths: ['a.mov'], vanished: [] });
});

test('serveIntake: a full source that is empty now is reported, and removes nothing', async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3, 'b.mov': 4 });
  const intake = open(context);
  await intake.list();
  await mkdir(source.path('../away'));
  for (const name of ['a.mov', 'b.mov']) await rename(source.path(name), source.path(`../away/${name}`));
  for (let round = 0; round < 3; round += 1) {
    const reported = await intake.list();
    assert.equal(brief(reported), { paths: [], failed: 'EMPTY' });
    assert.equal(
      reported.states.map(({ state }) => state),
      round === 0 ? ['suddenly_empty'] : [],
    );
  }
  await rename(source.path('../away/a.mov'), source.path('a.mov'));
  assert.equal(brief(await intake.list()), { paths: ['a.mov'], vanished: [] });
  assert.equal(brief(await intake.list()), { paths: [], vanished: ['b.mov'] });
});

test('serveIntake: a full source that was cleared on purpose is accepted when an operator confirms it', async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3, 'b.mov': 4 });
  const intake = open(context);
  await intake.list();
  for (const name of ['a.mov', 'b.mov']) await rm(source.path(name));
  assert.equal(brief(await intake.list()), { paths: [], failed: 'EMPTY' });
  assert.equal(brief(await intake.list(true)), { paths: [], vanished: ['a.mov', 'b.mov'] });
  assert.equal(brief(await intake.list()), quiet);
});

test("serveIntake: a marker that is not one of the agent's hides no folder", async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3, 'day1/a.mov': 3, 'day1/.sluice-destination': 40 });
  const intake = open(context);
  assert.equal(brief(await intake.list()), { paths: ['a.mov', 'day1/a.mov'], vanished: [] });
  assert.equal((await intake.check('day1/a.mov')).answer.present, ['day1/a.mov']);
});

test('serveIntake: the only file of a source may be removed', async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3 });
  const intake = open(context);
  await intake.list();
  await rm(source.path('a.mov'));
  assert.equal(brief(await intake.list()), quiet);
  assert.equal(brief(await intake.list()), { paths: [], vanished: ['a.mov'] });
});

test('serveIntake: a root made again on the same disk is the source, and missing files are counted from the start', async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3, 'b.mov': 4 });
  const intake = open(context);
  await intake.list();
  await rm(source.path('a.mov'));
  assert.equal(brief(await intake.list()), quiet);
  await rename(source.root, `${source.root}.old`);
  await mkdir(source.root);
  await source.write({ 'c.mov': 1 });
  assert.equal(brief(await intake.list()), { paths: ['c.mov'], vanished: [] });
  const { answer } = await intake.list();
  assert.equal(answer.kind === 'listing_completed' ? [...answer.vanished].sort() : answer, ['a.mov', 'b.mov']);
});

test('serveIntake: a check reports changes before its answer, and which paths exist and which do not', async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3, 'b.mov': 4, 'x/c.mov': 5, 'e.tmp': 1 });
  const intake = open(context);
  await intake.list();
  await appendFile(source.path('a.mov'), 'x');
  await truncate(source.path('b.mov'));
  await rm(source.path('x/c.mov'));
  await source.write({ 'd.mov': 1 });
  const { answer, paths } = await intake.check('a.mov', 'b.mov', 'x/c.mov', 'd.mov', 'e.tmp', 'never.mov', 'x');
  assert.equal(paths, ['a.mov', 'b.mov', 'd.mov']);
  assert.equal(answer.present, ['a.mov', 'b.mov', 'd.mov']);
  assert.equal(answer.absent, [], 'a check alone removes nothing');
  assert.equal(brief(await intake.list()), quiet);
  assert.equal((await intake.check('x/c.mov', 'never.mov')).answer.absent, ['never.mov'], 'nor does one listing since');
  assert.equal(brief(await intake.list()), { paths: [], vanished: ['x/c.mov'] });
  assert.equal((await intake.check('x/c.mov', 'a.mov')).answer.absent, ['x/c.mov']);
});

test('serveIntake: a file of an earlier life is reported as gone by name, after two complete listings without it', async (context) => {
  await context.source.write({ 'a.mov': 3 });
  const intake = open(context);
  const absent: unknown[] = [];
  for (let round = 0; round < 3; round += 1) {
    absent.push((await intake.check('gone.mov', 'g\ufffdne.mov', 'a.mov')).answer.absent);
    await intake.list();
  }
  assert.equal(absent, [[], [], ['gone.mov', 'g\ufffdne.mov']]);
});

test('serveIntake: a file that is saved again, and removed for a moment, is never gone', async (context) => {
  const { source } = context;
  await source.write({ 'a.txt': 3, 'b.txt': 1 });
  const intake = open(context);
  for (let round = 0; round < 4; round += 1) {
    await intake.list();
    await rm(source.path('a.txt'));
    assert.equal((await intake.check('a.txt')).answer.absent, []);
    await source.write({ 'a.txt': 4 + round });
    assert.equal((await intake.check('a.txt')).paths, ['a.txt']);
  }
});

test('serveIntake: a check of a name that is not valid text does not report it as gone', async (context) => {
  const { source } = context;
  await writeFile(Buffer.concat([Buffer.from(`${source.root}/b`), Buffer.from([0xe4]), Buffer.from('d.mov')]), 'x');
  const intake = open(context);
  assert.equal(
    (await intake.list()).entries.map(({ path, nameValid }) => [path, nameValid]),
    [['b\ufffdd.mov', false]],
  );
  const { answer } = await intake.check('b\ufffdd.mov');
  assert.equal([answer.present, answer.absent], [[], []]);
  assert.equal(brief(await intake.list()), quiet);
});

test('runIntake: its working directory is /, so that a share that the agent was started in is not needed', async (context) => {
  const intake = start(context, context.source.root);
  await intake.list();
  if (process.platform === 'linux') assert.is(readlinkSync(`/proc/${intake.child.pid}/cwd`), '/');
  await intake.end();
});

test('runIntake: commands sent at once are answered one after the other, in order', async (context) => {
  await context.source.write({ 'a.mov': 3 });
  const intake = start(context);
  const all = await Promise.all([intake.list(), intake.check('a.mov'), intake.list(), intake.check('a.mov', 'b.mov')]);
  assert.equal(
    all.map(({ answer }) => ('checkId' in answer ? answer.checkId : answer.listingId)),
    ['listing-1', 'check-2', 'listing-3', 'check-4'],
  );
  const answers = intake.messages.flatMap((message): readonly string[] =>
    'checkId' in message ? [message.checkId] : 'listingId' in message ? [message.listingId] : [],
  );
  assert.equal(answers, ['listing-1', 'check-2', 'listing-3', 'check-4']);
  assert.is(intake.messages.filter(({ kind }) => kind === 'entries_seen').length, 1);
});

test('runIntake: many files are reported in batches', async (context) => {
  context.source.fill(numbered(2_500));
  const intake = start(context);
  const { entries } = await intake.list();
  const batches = intake.messages.flatMap((message) => (message.kind === 'entries_seen' ? [message.entries.length] : []));
  assert.equal(batches, [1_000, 1_000, 500]);
  assert.is(new Set(entries.map(({ path }) => path)).size, 2_500);
});

test('runIntake: events in a local source are noticed, and cause a check', async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3 });
  const intake = start(context);
  await intake.list();
  // The watch begins after the first listing, so the file grows until that is noticed.
  const growing = setInterval(() => void appendFile(source.path('a.mov'), 'x'), 50);
  const noticed = await intake.reported('paths_noticed').finally(() => clearInterval(growing));
  assert.equal(noticed.paths, ['a.mov']);
  assert.is(intake.messages.filter(({ kind }) => kind === 'entries_seen').length, 1);
});

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index}.mov`);

test.run();
