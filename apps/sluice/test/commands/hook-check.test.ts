import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hookProblem } from '../../src/commands/setup/hook-check.ts';

const test = suite<{ folder: string }>('hookProblem');

test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), 'sluice-hook-'));
});
test.after.each(({ folder }) => rm(folder, { recursive: true }));

const script = '#!/bin/sh\nexit 0\n';

async function make(path: string, content: string, mode = 0o755): Promise<string> {
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

const isWindows = process.platform === 'win32';

test('hookProblem: is null without a hook', async () => assert.is(await hookProblem('on_done', []), null));

test('hookProblem: an existing program can be run, by its path and by its name', async ({ folder }) => {
  const system = { platform: process.platform, path: ['/no/such/folder', folder].join(delimiter), folder: '/' };
  const path = await make(join(folder, isWindows ? 'page.exe' : 'page'), script);
  assert.is(await hookProblem('on_done', [path, '{summary}'], system), null);
  assert.is(await hookProblem('on_done', ['page', '{summary}'], system), null);
  assert.is(await hookProblem('on_done', [isWindows ? '.\\page' : './page'], { ...system, path: '', folder }), null);
});

test('hookProblem: a missing program is named, with where it was searched', async ({ folder }) => {
  const system = { platform: process.platform, path: folder, folder };
  assert.match((await hookProblem('on_done', [join(folder, 'page')], system)) ?? '', /page cannot be run: there is no such file/);
  assert.match((await hookProblem('on_done', ['page'], system)) ?? '', /page cannot be run: it is in no folder of PATH/);
});

test('hookProblem: says why a file cannot be run', async ({ folder }) => {
  const system = { platform: process.platform, path: folder, folder };
  await mkdir(join(folder, 'a-folder'));
  assert.match((await hookProblem('on_done', [join(folder, 'a-folder')], system)) ?? '', /it is not a file/);
  if (isWindows) return;
  const closed = await make(join(folder, 'closed'), script, 0o644);
  assert.match((await hookProblem('on_done', [closed], system)) ?? '', /this user may not run it; try chmod \+x/);
  const lost = await make(join(folder, 'lost'), '#!/no/such/shell\n');
  assert.match((await hookProblem('on_done', [lost], system)) ?? '', /the interpreter in its first line cannot be run \(ENOENT\)/);
});

test('hookProblem: a file with this name that cannot be run does not hide another one later in PATH', async ({ folder }) => {
  if (isWindows) return;
  await mkdir(join(folder, 'a'));
  await mkdir(join(folder, 'b'));
  await make(join(folder, 'a', 'page'), script, 0o644);
  const system = { platform: process.platform, path: [join(folder, 'a'), join(folder, 'b')].join(delimiter), folder };
  assert.match((await hookProblem('on_done', ['page'], system)) ?? '', /this user may not run it; try chmod \+x/);
  await make(join(folder, 'b', 'page'), script);
  assert.is(await hookProblem('on_done', ['page'], system), null);
});

test.run();
