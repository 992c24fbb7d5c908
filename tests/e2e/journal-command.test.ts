import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { reported, shortWaits, sluice, startAgent, stopAgents } from '../bed/sluice.ts';

const test = suite<{ folders: Folders }>('journal: check, backup, export, prune');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

async function copied({ source, destination, stateDir }: Folders): Promise<void> {
  const { code, stderr } = await sluice([
    ...['run', '--from', source, '--to', destination, '--state', stateDir, '--until-idle'],
    ...shortWaits,
  ]);
  assert.is(code, 0, stderr);
}

test('a backup made while the agent copies is a complete journal, and another agent continues from it', async ({ folders }) => {
  const { source, destination, stateDir, root } = folders;
  for (let n = 0; n < 50; n += 1) await makeFile(join(source, `clip${n}.mxf`), 20_000);
  const agent = startAgent({ from: source, to: destination, stateDir });
  await reported(agent, ({ status }) => status === 'COMPLETED');
  const copy = join(root, 'copy.db');
  const { code, stdout, stderr } = await sluice(['journal', 'backup', copy, '--state', stateDir]);
  assert.equal([code, stdout], [0, `${copy} is a complete, checked copy of the journal\n`], stderr);
  assert.is((await stat(copy)).mode & 0o777, 0o600);
  const again = await sluice(['journal', 'backup', copy, '--state', stateDir]);
  assert.equal([again.code, again.stderr], [2, `sluice: ${copy} is there already; give a name that is free\n`]);
  await agent.stop();
  const restored = { ...folders, stateDir: join(root, 'restored') };
  await mkdir(restored.stateDir, { mode: 0o700 });
  await copyFile(copy, join(restored.stateDir, 'journal.db'));
  await copied(restored);
  const exported = await sluice(['journal', 'export', '--json', '--state', restored.stateDir]);
  const files = exported.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly status: string; readonly destination: string; readonly timeline: readonly unknown[] });
  assert.equal(files.filter(({ status }) => status === 'COMPLETED').length, 50);
  assert.ok(files.every(({ destination: name, timeline }) => /^clip\d+\.mxf$/.test(name) && timeline.length > 0));
});

test('check: every row of an intact journal; a flipped byte ends with exit 4', async ({ folders }) => {
  await makeFile(join(folders.source, 'clip.mxf'), 20_000);
  await copied(folders);
  const { code, stdout } = await sluice(['journal', 'check', '--state', folders.stateDir]);
  assert.is(code, 0);
  assert.match(stdout, / is intact: 1 tracked files, every row matches its checksum\n$/);
  const path = join(folders.stateDir, 'journal.db');
  const bytes = await readFile(path);
  const at = bytes.indexOf('clip.mxf');
  assert.ok(at > 0);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
  assert.is((await sluice(['journal', 'check', '--state', folders.stateDir])).code, 4);
  const backup = await sluice(['journal', 'backup', join(folders.root, 'copy.db'), '--state', folders.stateDir]);
  assert.is(backup.code, 4, 'a damaged journal is not taken for a backup');
});

test('export: a table whose cells are not executed in a spreadsheet', async ({ folders }) => {
  for (const name of ['=1+1.mxf', 'a, "b".mxf', 'line\nbreak.mxf']) await makeFile(join(folders.source, name), 10);
  await copied(folders);
  const { stdout } = await sluice(['journal', 'export', '--state', folders.stateDir]);
  const lines = stdout.trim().split('\n');
  assert.match(lines[0] ?? '', /^id,route,source,destination,status,size_bytes,/);
  const sources = lines.slice(1).map((line) => /,default,("(?:[^"]|"")*"|[^,]*),/.exec(line)?.[1]);
  assert.equal(new Set(sources), new Set(['"a, ""b"".mxf"', "'=1+1.mxf", 'line?break.mxf']));
});

test('prune: with and without an agent, only times in the past, and never files that may still be at the source', async ({ folders }) => {
  const { source, destination, stateDir } = folders;
  for (const name of ['stays.mxf', 'goes.mxf']) await makeFile(join(source, name), 10_000);
  const agent = startAgent({ from: source, to: destination, stateDir });
  for (const name of ['stays.mxf', 'goes.mxf']) await reported(agent, (file) => file.source === name && file.status === 'COMPLETED');
  const now = new Date(Date.now() - 1).toISOString();
  const running = await sluice(['journal', 'prune', '--before', now, '--reason', 'a test', '--state', stateDir]);
  assert.is(running.code, 0, running.stderr);
  assert.match(running.stdout, /^removed 0 tracked files and \d+ entries that ended before /);
  const { stdout: log } = await sluice(['log', '--json', '--state', stateDir]);
  const asked = log.split('\n').find((line) => line.includes('is removed from the journal, requested by'));
  assert.is((JSON.parse(asked ?? '{}') as { readonly reason?: string }).reason, 'a test');
  await rm(join(source, 'goes.mxf'));
  await agent.stop();
  // The next agent sees that the file is gone.
  await copied(folders);
  await copied(folders);
  const before = new Date().toISOString();
  const { code, stdout } = await sluice(['journal', 'prune', '--before', before, '--state', stateDir]);
  assert.is(code, 0);
  assert.match(stdout, /^removed \d tracked files and \d+ entries that ended before /);
  const { stdout: left } = await sluice(['journal', 'export', '--state', stateDir]);
  assert.match(left, 'stays.mxf');
  assert.is((await sluice(['journal', 'prune', '--before', '2999-01-01', '--state', stateDir])).code, 2);
});

test.run();
