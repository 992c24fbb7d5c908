// group: package
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { type Agent, reported, sluice, startAgent } from '../bed/sluice.ts';

const test = suite<{ folders: Folders; agent: Agent }>('contract');

/** One agent for all tests: one file is copied, one waits under a name that is taken. */
test.before(async (context) => {
  const folders = await makeFolders();
  await makeFile(join(folders.source, 'day1/a.mxf'), 300_000);
  await makeFile(join(folders.source, 'b.bin'), 100_000);
  await makeFile(join(folders.destination, 'b.bin'), 100_001);
  context.folders = folders;
  context.agent = startAgent({ from: folders.source, to: folders.destination, stateDir: folders.stateDir });
  await reported(context.agent, (file) => file.source === 'day1/a.mxf' && file.status === 'COMPLETED');
  await reported(context.agent, (file) => file.source === 'b.bin' && file.status === 'COMPLETED');
});
test.after(async ({ agent, folders }) => {
  await agent.stop();
  await folders.remove();
});

const fileKeys =
  'v id route source destination nameValid nameReason status hold growing phase behindBytes sizeBytes copiedBytes percent bytesPerSecond attempt error recoveryOf recoveredBy copied hash readback afterCopy sourceGone discoveredAt startedAt endedAt'.split(
    ' ',
  );
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test('status --json: has every key of the contract, in its form', async ({ folders }) => {
  const end = await sluice(['status', '--state', folders.stateDir, '--json']);
  assert.is(end.code, 0);
  const status = JSON.parse(end.stdout);
  assert.equal(Object.keys(status), ['v', 'verdict', 'agent', 'routes']);
  assert.equal(status.verdict, { ok: true, text: 'everything is copied' });
  assert.equal(Object.keys(status.agent), ['running', 'pid', 'version', 'startedAt', 'stateDir']);
  const [route] = status.routes;
  assert.equal(
    Object.keys(route).sort(),
    'bytesPerSecond counts destination gate hold name needsYou recovered source sourceState space'.split(' '),
  );
  assert.equal([route.name, route.source, route.destination], ['default', folders.source, folders.destination]);
  assert.equal(Object.keys(route.sourceState), ['state', 'since', 'lastListingAt', 'freeBytes', 'fullInMs']);
  assert.equal(Object.keys(route.gate), ['state', 'since', 'cause', 'code', 'operator', 'technical']);
  assert.equal([route.gate.state, route.gate.cause, route.hold], ['open', null, null]);
  assert.match(route.gate.since, time);
  assert.is(route.counts.COMPLETED, 2);
  assert.is(route.counts.FAILED, 0);
  assert.is(Object.keys(route.counts).length, 13);
});

test('status: has a verdict in the first line and then at most 12 lines; --check is silent', async ({ folders }) => {
  const plain = await sluice(['status', '--state', folders.stateDir]);
  assert.is(plain.stdout.split('\n')[0], 'everything is copied');
  assert.ok(plain.stdout.trimEnd().split('\n').length <= 13);
  const check = await sluice(['status', '--check', '--state', folders.stateDir]);
  assert.equal([check.code, check.stdout, check.stderr], [0, '', '']);
});

test('an unexpected argument: exit 2 with a hint, and nothing is done', async ({ folders }) => {
  const { stateDir } = folders;
  for (const args of [
    ['status', 'nonsense', '--state', stateDir],
    ['stop', 'now', '--state', stateDir],
    ['hold', 'default', 'other', '--state', stateDir],
    ['completion', 'bash', 'zsh'],
  ]) {
    const { code, stdout, stderr } = await sluice(args);
    assert.equal([code, stdout], [2, ''], args.join(' '));
    assert.match(stderr, /^sluice: unexpected argument "(nonsense|now|other|zsh)": /);
  }
  const noCommand = await sluice(['--version', 'nonsense']);
  assert.equal([noCommand.code, noCommand.stdout], [2, '']);
  const [route] = JSON.parse((await sluice(['status', '--state', stateDir, '--json'])).stdout).routes;
  assert.is(route.hold, null);
});

test('files --json: prints one line for each file, newest first, with every key', async ({ folders }) => {
  const end = await sluice(['files', '--state', folders.stateDir, '--json']);
  const files = end.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.is(files.length, 2);
  for (const file of files) assert.equal(Object.keys(file), fileKeys);
  const taken = files.find((file) => file.source === 'b.bin');
  assert.equal([taken.destination, taken.nameReason, taken.copied, taken.readback], ['b_1.bin', 'name_taken', true, 'direct']);
  assert.match(taken.hash.value, /^[0-9a-f]{16}$/);
  assert.equal([taken.percent, taken.copiedBytes, taken.attempt, taken.recoveryOf], [100, 100_000, 1, null]);
  for (const moment of [taken.discoveredAt, taken.startedAt, taken.endedAt]) assert.match(moment, time);
});

test('files: --status and --route select files', async ({ folders }) => {
  const none = await sluice(['files', '--status', 'READY,COPYING', '--state', folders.stateDir, '--json']);
  assert.equal([none.code, none.stdout], [0, '']);
  const wrong = await sluice(['files', '--status', 'GONE', '--state', folders.stateDir]);
  assert.is(wrong.code, 2);
  assert.match(wrong.stderr, /"GONE" is not a state/);
  const nowhere = await sluice(['files', '--route', 'nowhere', '--state', folders.stateDir]);
  assert.equal([nowhere.code, nowhere.stdout], [2, '']);
  assert.match(nowhere.stderr, /there is no route "nowhere"; the routes are default/);
});

test('show --json: prints the timeline in order, from null to the end', async ({ folders }) => {
  const end = await sluice(['show', 'b.bin', '--state', folders.stateDir, '--json']);
  const { timeline, ...file } = JSON.parse(end.stdout);
  assert.equal(Object.keys(file), fileKeys);
  assert.equal(Object.keys(timeline[0]), ['seq', 'at', 'from', 'to', 'event', 'detail']);
  const steps = timeline.filter((entry: { to: string | null }) => entry.to !== null);
  assert.equal([steps[0].from, steps[0].to, steps.at(-1).to], [null, 'DISCOVERED', 'COMPLETED']);
  const numbers = timeline.map((entry: { seq: number }) => entry.seq);
  assert.equal(
    numbers,
    [...numbers].sort((a, b) => a - b),
  );
  assert.ok(timeline.some((entry: { to: string | null; event: string }) => entry.to === null && entry.event === 'name_taken'));
  const byPrefix = await sluice(['show', file.id.slice(0, 8), '--state', folders.stateDir, '--json']);
  assert.is(JSON.parse(byPrefix.stdout).id, file.id);
  const unknown = await sluice(['show', 'nobody.mxf', '--state', folders.stateDir]);
  assert.is(unknown.code, 1);
});

test('run --json: prints a line for each transition, the first from null, and for each change of a gate', ({ agent }) => {
  const [first] = agent.notes.filter((note) => note.event === 'transition');
  assert.equal(Object.keys(first ?? {}), ['v', 'at', 'event', 'file', 'from', 'to']);
  assert.is(first?.event === 'transition' ? first.from : 'none', null);
  const gate = agent.notes.find((note) => note.event === 'gate');
  assert.equal(Object.keys(gate ?? {}), ['v', 'at', 'event', 'route', 'gate']);
});

test('history --json: prints what ended, and checks --since', async ({ folders }) => {
  const end = await sluice(['history', '--state', folders.stateDir, '--json']);
  assert.is(end.stdout.trimEnd().split('\n').length, 2);
  const late = await sluice(['history', '--since', 'whenever', '--state', folders.stateDir]);
  assert.is(late.code, 2);
  const none = await sluice(['history', 'nothing.mxf', '--state', folders.stateDir]);
  assert.equal([none.code, none.stdout], [1, '']);
  assert.match(none.stderr, /no file named "nothing\.mxf" has ended/);
  const outages = await sluice(['history', '--outages', '--state', folders.stateDir, '--json']);
  assert.is(outages.code, 0);
});

test('a second agent on the state folder, or on the route, ends with 5 and names the other', async ({ folders, agent }) => {
  const same = await sluice(['run', '--from', folders.source, '--to', folders.destination, '--state', folders.stateDir]);
  assert.is(same.code, 5);
  assert.match(same.stderr, new RegExp(`${agent.pid}`));
  const other = await sluice(['run', '--from', folders.source, '--to', folders.destination, '--state', join(folders.root, 'other')]);
  assert.is(other.code, 5);
  assert.is(other.stderr.trimEnd().split('\n').length, 1);
});

test('without an agent: status exits with 3, and other commands read the journal and say so', async () => {
  const folders = await makeFolders();
  await makeFile(join(folders.source, 'a.bin'), 10_000);
  const agent = startAgent({ from: folders.source, to: folders.destination, stateDir: folders.stateDir, args: ['--until-idle'] });
  assert.is(await agent.ended, 0);
  const status = await sluice(['status', '--state', folders.stateDir, '--json']);
  assert.is(status.code, 3);
  assert.is(JSON.parse(status.stdout).agent.running, false);
  assert.is((await sluice(['status', '--check', '--state', folders.stateDir])).code, 3);
  for (const command of [['files'], ['history'], ['show', 'a.bin']]) {
    const end = await sluice([...command, '--state', folders.stateDir, '--json']);
    assert.is(end.code, 0);
    assert.is(JSON.parse(end.stdout).status, 'COMPLETED');
    assert.match(end.stderr, /no agent is running/);
  }
  await folders.remove();
});

test('wrong usage and wrong configuration: one clear message, exit 2, and nothing is created', async () => {
  const folders = await makeFolders();
  const state = join(folders.root, 'never');
  const config = join(folders.root, 'sluice.toml');
  writeFileSync(config, '[[route]]\nname = "x"\nsource = "source"\ndestination = "destination"\nstable_afer = "2s"\n');
  const cases: readonly [readonly string[], RegExp][] = [
    [['run', '--from', folders.source], /--to/],
    [
      ['run', '--from', folders.source, '--to', folders.destination, '--stable-after', '2 parsecs', '--state', state],
      /--stable-after.*2 parsecs/,
    ],
    [['run', '--from', folders.source, '--to', join(folders.source, 'inside'), '--state', state], /inside/],
    [['run', '-c', config, '--state', state], /sluice\.toml:5.*stable_afer.*stable_after/],
    [['run', '-c', join(folders.root, 'none.toml')], /none\.toml/],
    [['run', '--from', folders.source, '--to', folders.destination, '--after-copy', 'archive', '--state', state], /archive.dir/],
    [['frobnicate'], /frobnicate/],
    [['status', '--nonsense'], /--nonsense/],
  ];
  for (const [args, message] of cases) {
    const end = await sluice(args);
    assert.is(end.code, 2, args.join(' '));
    assert.is(end.stdout, '');
    assert.match(end.stderr, message);
  }
  assert.throws(() => mkdirSync(join(state, 'x')), /ENOENT/);
  await folders.remove();
});

test('check: prints every mistake on a line; other commands print the first and the number of the others', async () => {
  const folders = await makeFolders();
  const file = join(folders.root, 'wrong.toml');
  writeFileSync(file, '[agent]\nlanes = "four"\n[[route]]\nname = "x"\nscan_every = "soon"\nstable_afer = "2s"\n');
  const check = await sluice(['check', '-c', file]);
  assert.is(check.code, 2);
  const lines = check.stderr.trimEnd().split('\n');
  assert.ok(lines.length >= 3 && lines.every((line) => line.startsWith('sluice: cannot read ')));
  for (const key of ['lanes', 'scan_every', 'stable_afer']) assert.is(lines.filter((line) => line.includes(key)).length, 1, key);
  const run = await sluice(['run', '-c', file]);
  assert.is(run.stderr.trimEnd().split('\n').length, 1);
  assert.match(run.stderr, new RegExp(`lanes.*and ${lines.length - 1} more; "sluice check" lists them`));
  await folders.remove();
});

test('a damaged journal, and a file that is not a database: exit 4, and the file is not changed', async () => {
  const folders = await makeFolders();
  mkdirSync(folders.stateDir);
  writeFileSync(join(folders.stateDir, 'journal.db'), 'this is not a database, and it may be the only copy of something'.repeat(100));
  const end = await sluice(['run', '--from', folders.source, '--to', folders.destination, '--state', folders.stateDir, '--until-idle']);
  assert.is(end.code, 4);
  assert.is(end.stderr.trimEnd().split('\n').length, 1);
  await folders.remove();
});

test('--version and --help', async () => {
  const version = await sluice(['--version']);
  assert.match(version.stdout, /^sluice \d+\.\d+\.\d+\n$/);
  const json = JSON.parse((await sluice(['--version', '--json'])).stdout);
  assert.is(json.v, 1);
  const help = await sluice(['--help']);
  assert.is(help.code, 0);
  assert.match((await sluice(['help', 'status'])).stdout, /^Usage: sluice status /);
  for (const name of ['run', 'status', 'files', 'history', 'show', 'check', 'demo'])
    assert.match(help.stdout, new RegExp(`^  ${name} `, 'm'));
});

test.run();
