import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdir, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SafeLine } from '@sluice/audit';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { shortWaits, sluice } from '../bed/sluice.ts';

const test = suite<{ folders: Folders }>('safe: whether a source may be cleared');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(({ folders }) => folders.remove());

/** Copies all files of the source. */
async function copied({ source, destination, stateDir }: Folders, more: readonly string[] = []): Promise<void> {
  const { code, stderr } = await sluice([
    ...['run', '--from', source, '--to', destination, '--state', stateDir, '--until-idle'],
    ...[...shortWaits, ...more],
  ]);
  assert.is(code, 0, stderr);
}

async function makeCard({ source }: Folders): Promise<void> {
  for (const name of ['clip.mxf', 'day1/a.mxf', 'day1/b.mxf']) await makeFile(join(source, name), 200_000);
}

/** Returns the reason for each file that is not safe, by its name at the source. */
async function safe(
  { stateDir }: Folders,
  args: readonly string[] = [],
): Promise<{ readonly code: number | null; readonly line: SafeLine; readonly reasons: Readonly<Record<string, string>> }> {
  const { code, stdout } = await sluice(['safe', '--state', stateDir, '--json', ...args]);
  const line = JSON.parse(stdout) as SafeLine;
  return { code, line, reasons: Object.fromEntries(line.notSafe.map(({ source, reason }) => [source, reason])) };
}

test('safe: every file has a verified copy: exit 0, and nothing is changed anywhere', async ({ folders }) => {
  await makeCard(folders);
  await copied(folders);
  const before = await hashTree(folders.root, (name) => !/^(journal|agent|sluice)/.test(name));
  const text = await sluice(['safe', '--state', folders.stateDir]);
  assert.is(text.code, 0);
  assert.is(text.stdout.split('\n')[0], 'SAFE TO CLEAR: 3 files (600 KB) have verified copies at every destination');
  assert.match(text.stderr, /^no agent is running on .*: this answer comes from its journal/);
  const { code, line } = await safe(folders, ['--read']);
  assert.is(code, 0);
  assert.equal([line.v, line.safe, line.files, line.bytes, line.read], [1, true, 3, 600_000, true]);
  assert.equal(await hashTree(folders.root, (name) => !/^(journal|agent|sluice)/.test(name)), before);
});

test('safe: a file that is new, or changed after its copy, is not safe', async ({ folders }) => {
  await makeCard(folders);
  await copied(folders);
  await appendFile(join(folders.source, 'clip.mxf'), 'more');
  await makeFile(join(folders.source, 'day1/new.mxf'), 1_000);
  const { code, reasons } = await safe(folders);
  assert.equal([code, reasons], [1, { 'clip.mxf': 'changed', 'day1/new.mxf': 'not_known' }]);
  const day1 = await safe(folders, ['--folder', 'day1']);
  assert.equal(day1.reasons, { 'day1/new.mxf': 'not_known' });
});

test('safe: if only the time of a source changed, its copy counts as it is, and is compared by its bytes', async ({ folders }) => {
  await makeCard(folders);
  await copied(folders);
  await utimes(join(folders.source, 'clip.mxf'), 1_000, 1_000);
  await copied(folders);
  const { code, reasons } = await safe(folders);
  assert.equal([code, reasons], [0, {}]);
  const copy = join(folders.destination, 'clip.mxf');
  await writeFile(copy, Buffer.alloc((await stat(copy)).size));
  assert.equal((await safe(folders)).reasons, { 'clip.mxf': 'copy_differs' });
});

test('safe: another file with the name, size and time of a copied one is not safe', async ({ folders }) => {
  await makeCard(folders);
  await copied(folders);
  const path = join(folders.source, 'clip.mxf');
  const { atimeMs, mtimeNs } = await stat(path, { bigint: true }).then((facts) => ({ atimeMs: facts.atimeMs, mtimeNs: facts.mtimeNs }));
  await makeFile(`${path}.new`, 200_000);
  await rename(`${path}.new`, path);
  await utimes(path, Number(atimeMs) / 1_000, `${mtimeNs / 1_000_000_000n}.${String(mtimeNs % 1_000_000_000n).padStart(9, '0')}`);
  const { code, reasons } = await safe(folders);
  // A modification time that cannot be restored to the nanosecond is another time.
  assert.is(code, 1);
  assert.ok(['other_file', 'changed'].includes(reasons['clip.mxf'] ?? ''), reasons['clip.mxf']);
});

test('safe: a copy that is missing, truncated, exchanged or damaged is not safe; damage that leaves no trace is found by --read', async ({
  folders,
}) => {
  await makeCard(folders);
  await makeFile(join(folders.source, 'damaged.mxf'), 50_000);
  await copied(folders);
  const at = (name: string): string => join(folders.destination, name);
  await rm(at('clip.mxf'));
  await truncate(at('day1/a.mxf'), 100);
  await writeFile(at('day1/b.mxf'), Buffer.alloc(200_000));
  await writeFile(at('damaged.mxf'), Buffer.alloc(50_000));
  execFileSync('touch', ['-r', join(folders.source, 'damaged.mxf'), at('damaged.mxf')]);
  const found = { 'clip.mxf': 'copy_missing', 'day1/a.mxf': 'copy_size', 'day1/b.mxf': 'copy_touched' };
  assert.equal((await safe(folders)).reasons, found);
  const read = await safe(folders, ['--read']);
  assert.equal(read.reasons, { ...found, 'damaged.mxf': 'copy_differs', 'day1/b.mxf': 'copy_differs' });
  assert.is(read.code, 1);
});

test('safe: a file that a pattern leaves alone is not safe; a file that a rule leaves alone is named', async ({ folders }) => {
  await makeCard(folders);
  await writeFile(join(folders.source, 'notes.txt'), 'x');
  await writeFile(join(folders.source, '.DS_Store'), 'x');
  await mkdir(join(folders.source, 'day1/proxy'));
  await writeFile(join(folders.source, 'day1/proxy/a.mp4'), 'x');
  await copied(folders, ['--exclude', '*.txt', 'proxy/']);
  const { code, reasons, line } = await safe(folders);
  assert.equal([code, reasons], [1, { 'day1/proxy': 'left_alone', 'notes.txt': 'left_alone' }]);
  assert.ok(line.routes[0]?.leftAlone.some(({ rule, examples }) => rule === 'dotfile' && examples.includes('.DS_Store')));
  await rm(join(folders.source, 'notes.txt'));
  await rm(join(folders.source, 'day1/proxy'), { recursive: true });
  assert.equal((await safe(folders)).code, 0);
});

test('safe: an offline destination, another disk, and a source without a file, are not safe', async ({ folders }) => {
  await makeCard(folders);
  await copied(folders);
  await rename(folders.destination, `${folders.destination}-away`);
  const away = await safe(folders);
  assert.equal([away.code, away.line.safe, away.line.routes[0]?.online], [1, false, false]);
  await mkdir(folders.destination);
  const other = await safe(folders);
  assert.is(other.code, 1);
  assert.match(other.line.verdict.text, /^NOT SAFE: .*WRONG DISK: the marker file .* is missing/);
  await rm(folders.destination, { recursive: true });
  await rename(`${folders.destination}-away`, folders.destination);
  assert.is((await safe(folders)).code, 0);
  await rename(folders.source, `${folders.source}-away`);
  assert.match((await safe(folders)).line.verdict.text, /^NOT SAFE: .*cannot be read \(ENOENT\)/);
  await mkdir(folders.source);
  assert.match((await safe(folders)).line.verdict.text, /^NOT SAFE: there is no file at the source/);
});

test('safe: a copy that was compared by size only is not safe without --read', async ({ folders }) => {
  await makeCard(folders);
  await copied(folders, ['--verify', 'size']);
  assert.equal([...new Set(Object.values((await safe(folders)).reasons))], ['weak_proof']);
  assert.is((await safe(folders, ['--read'])).code, 0);
});

test('safe: wrong arguments give one clear message and exit code 2', async ({ folders }) => {
  await makeCard(folders);
  await copied(folders);
  const route = await sluice(['safe', 'ingest', '--state', folders.stateDir]);
  assert.equal([route.code, route.stderr.split('\n').at(-2)], [2, 'sluice: no route is called "ingest"; there is default']);
  const folder = await sluice(['safe', '--folder', '../x', '--state', folders.stateDir]);
  assert.is(folder.code, 2);
  assert.match(folder.stderr, /--folder "\.\.\/x" is not below/);
  const nothing = await sluice(['safe', '--state', join(folders.root, 'nowhere')]);
  assert.is(nothing.code, 3);
});

test('safe: a folder that cannot be read is not safe, and is named', async ({ folders }) => {
  if (process.getuid?.() === 0) return;
  await makeCard(folders);
  await copied(folders);
  await chmod(join(folders.source, 'day1'), 0);
  const { code, line } = await safe(folders);
  await chmod(join(folders.source, 'day1'), 0o755);
  assert.equal([code, line.routes[0]?.unread], [1, ['day1']]);
});

test.run();
