import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VerifyLine } from '@sluice/audit';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Resume } from '../../apps/sluice/src/commands/audit/resume.ts';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { shortWaits, sluice } from '../bed/sluice.ts';

const test = suite<{ folders: Folders }>('verify: the copies are read again');

const names = ['clip.mxf', 'day1/a.mxf', 'day1/b.mxf', 'day1/c.mxf', 'day2/d.mxf'];

test.before.each(async (context) => {
  context.folders = await makeFolders();
  const { source, destination, stateDir } = context.folders;
  for (const name of names) await makeFile(join(source, name), 100_000);
  const folders = ['--from', source, '--to', destination, '--state', stateDir];
  const { code, stderr } = await sluice(['run', ...folders, '--until-idle', ...shortWaits]);
  assert.is(code, 0, stderr);
});
test.after.each(({ folders }) => folders.remove());

interface Found {
  readonly code: number | null;
  readonly line: VerifyLine;
  readonly found: Readonly<Record<string, readonly [difference: string, sourceNow: string, renamedTo: string | null]>>;
}

async function verify({ stateDir }: Folders, args: readonly string[] = []): Promise<Found> {
  const { code, stdout, stderr } = await sluice(['verify', '--state', stateDir, '--json', ...args]);
  if (stdout === '') throw new Error(stderr);
  const line = JSON.parse(stdout) as VerifyLine;
  const found = line.differences.map(
    ({ destination, difference, sourceNow, renamedTo }) => [destination, [difference, sourceNow, renamedTo]] as const,
  );
  return { code, line, found: Object.fromEntries(found) };
}

test('verify: unchanged copies: exit 0', async ({ folders }) => {
  const { code, line } = await verify(folders);
  assert.equal([code, line.ok, line.files, line.bytes, line.differences], [0, true, 5, 500_000, []]);
  const text = await sluice(['verify', '--state', folders.stateDir]);
  assert.is(text.stdout.split('\n')[0], 'VERIFIED: 5 copies (500 KB read) are what the journal says');
});

test('verify: each kind of difference says what to do next', async ({ folders }) => {
  const at = (name: string): string => join(folders.destination, name);
  await rename(at('clip.mxf'), at('day1/clip of monday.mxf'));
  await rm(at('day1/a.mxf'));
  await rm(join(folders.source, 'day1/a.mxf'));
  await truncate(at('day1/b.mxf'), 7);
  await writeFile(at('day1/c.mxf'), Buffer.alloc(100_000));
  execFileSync('touch', ['-r', join(folders.source, 'day1/c.mxf'), at('day1/c.mxf')]);
  await rm(at('day2/d.mxf'));
  await mkdir(at('day2/d.mxf'));
  const { code, found, line } = await verify(folders);
  assert.is(code, 1);
  assert.equal(found, {
    'clip.mxf': ['missing', 'unchanged', 'day1/clip of monday.mxf'],
    'day1/a.mxf': ['missing', 'gone', null],
    'day1/b.mxf': ['changed', 'unchanged', null],
    'day1/c.mxf': ['silently_changed', 'unchanged', null],
    'day2/d.mxf': ['not_a_file', 'unchanged', null],
  });
  const textOf = (name: string): string => line.differences.find(({ destination }) => destination === name)?.text ?? '';
  assert.match(textOf('day1/a.mxf'), 'the source is gone, and no other copy is known: look for a backup');
  assert.match(textOf('day1/c.mxf'), /bit rot.*copy it again from the source with "sluice retry FILE"/);
  assert.is(line.verdict.text, 'NOT VERIFIED: 5 copies differ; 0 copies (0 B read) right');
});

test('verify: with a folder, a time or a route, only the requested copies are read', async ({ folders }) => {
  assert.is((await verify(folders, ['--folder', 'day1'])).line.files, 3);
  assert.is((await verify(folders, ['--folder', join(folders.destination, 'day2')])).line.files, 1);
  assert.is((await verify(folders, ['--since', '1h'])).line.files, 5);
  const future = await sluice(['verify', '--state', folders.stateDir, '--since', new Date(Date.now() + 3_600_000).toISOString()]);
  assert.equal([future.code, /is in the future: expected a time in the past/.test(future.stderr)], [2, true]);
  const none = await verify(folders, ['--folder', 'day3']);
  assert.equal([none.line.ok, none.line.verdict.text], [false, 'NOT VERIFIED: the journal has no copy in day3']);
  assert.is((await sluice(['verify', '--route', 'other', '--state', folders.stateDir])).code, 2);
  assert.is((await sluice(['verify', '--since', 'never', '--state', folders.stateDir])).code, 2);
});

/** Starts a route with two destinations, waits until both have everything, and removes the source. */
async function copyTwice({ root, source, stateDir }: Folders): Promise<(route: 'one' | 'two') => string> {
  const at = (route: 'one' | 'two'): string => join(root, route);
  const routes = (['one', 'two'] as const).map(
    (name) => `[[route]]\nname = "${name}"\nsource = "${source}"\ndestination = "${at(name)}"\n`,
  );
  const config = join(root, 'sluice.toml');
  const waits = 'stable_after = "300ms"\nscan_every = "300ms"\nspace.keep_free = "1MB"\n';
  await Promise.all([mkdir(at('one')), mkdir(at('two'))]);
  await writeFile(config, routes.map((route) => `${route}${waits}`).join(''));
  await rm(stateDir, { recursive: true });
  const { code, stderr } = await sluice(['run', '-c', config, '--state', stateDir, '--until-idle']);
  assert.is(code, 0, stderr);
  for (const name of names) await rm(join(source, name));
  return at;
}

test('verify: the other copy that is still right is named, and one that was not read or is damaged is not called right', async ({
  folders,
}) => {
  const at = await copyTwice(folders);
  for (const name of ['day1/a.mxf', 'day1/b.mxf']) await truncate(join(at('one'), name), 7);
  await truncate(join(at('two'), 'day1/b.mxf'), 8);
  const others = async (args: readonly string[]): Promise<unknown> =>
    (await verify(folders, args)).line.differences.map(({ route, source, otherCopy }) => [route, source, otherCopy]);
  const right = { route: 'two', path: join(at('two'), 'day1/a.mxf') };
  assert.equal(await others(['--route', 'one']), [
    ['one', 'day1/a.mxf', { ...right, read: true }],
    ['one', 'day1/b.mxf', null],
  ]);
  const text = await sluice(['verify', '--state', folders.stateDir]);
  assert.match(text.stdout, `copy it back from ${right.path}, which is right`);
  assert.match(text.stdout, 'day1/b.mxf: changed by somebody else: it now has 8 B, or another time; the source is gone, and no other copy');
  await rename(at('two'), `${at('two')}-away`);
  assert.equal(await others(['--route', 'one', '--folder', 'day1/a.mxf']), [['one', 'day1/a.mxf', { ...right, read: false }]]);
});

test('verify: an offline destination is not verified: exit 1', async ({ folders }) => {
  await rename(folders.destination, `${folders.destination}-away`);
  const { code, line } = await verify(folders);
  assert.equal([code, line.ok, line.files, line.offline.map(({ route }) => route)], [1, false, 0, ['default']]);
});

test('verify: copies that an interrupted run checked are not read again within an hour', async ({ folders }) => {
  const progress = (): string[] => readdirSync(folders.stateDir).filter((name) => name.startsWith('verify-progress'));
  const { line } = await verify(folders);
  assert.is(line.files, 5);
  assert.equal(progress(), [], 'a run that was answered leaves nothing to go on from');
  const files = (await sluice(['files', '--state', folders.stateDir, '--json'])).stdout.trim().split('\n');
  const ids = files.map((text) => (JSON.parse(text) as { readonly id: string }).id).slice(0, 2);
  const wrote = (at: number): void => new Resume(folders.stateDir, [[['default', folders.destination]], null, null], () => at).add(ids);
  wrote(Date.now() - 4_000_000);
  assert.is((await verify(folders)).line.bytes, 500_000);
  wrote(Date.now() - 1_000_000);
  appendFileSync(join(folders.stateDir, progress()[0] ?? ''), '{"at":');
  await sluice(['verify', '--state', folders.stateDir, '--folder', 'day1']);
  const again = await verify(folders);
  assert.equal([again.line.files, again.line.bytes], [5, 300_000]);
  assert.is((await verify(folders)).line.bytes, 500_000);
});

test.run();
