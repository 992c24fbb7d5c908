// real: opens folders, and waits until they are closed
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callsFor, type FileCalls } from '../../src/files/file-calls.ts';
import { OpenFolders } from '../../src/files/open-folders.ts';
import { limits } from '../../src/limits.ts';

const test = suite<{ root: string; now: number; folders: OpenFolders }>('open folders');

test.before.each(async (context) => {
  context.root = await mkdtemp(join(tmpdir(), 'sluice-open-'));
  await mkdir(join(context.root, 'day1', 'x'), { recursive: true });
  await writeFile(join(context.root, 'day1', 'x', 'a.mov'), 'first');
  context.now = 0;
  context.folders = new OpenFolders(context.root, () => context.now);
});
test.after.each(({ root }) => rm(root, { recursive: true }));

const text = (path: string): Promise<string> => readFile(path, 'utf8');

/** Puts another folder in the place of the one that was opened. */
async function replace(root: string): Promise<void> {
  await rename(join(root, 'day1'), join(root, 'aside'));
  await mkdir(join(root, 'day1', 'x'), { recursive: true });
  await writeFile(join(root, 'day1', 'x', 'a.mov'), 'second');
}

test('a fresh use finds what the path leads to now', async ({ root, folders }) => {
  assert.is(await folders.at('day1/x/a.mov', false, text), 'first');
  await replace(root);
  assert.is(await folders.at('day1/x/a.mov', true, text), 'second');
});

if (process.platform === 'linux') {
  test('a folder that was kept open is used again, but not beyond its maximum age', async (context) => {
    const { root, folders } = context;
    assert.is(await folders.at('day1/x/a.mov', false, text), 'first');
    await replace(root);
    assert.is(await folders.at('day1/x/a.mov', false, text), 'first');
    context.now = limits.folderAgeMs + 1;
    assert.is(await folders.at('day1/x/a.mov', false, text), 'second');
  });

  test('no more folders stay open than the limit, and none after the idle time', async ({ root, folders }) => {
    const open = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
    const before = await open();
    for (let index = 0; index < 2 * limits.openFolders; index += 1) {
      await mkdir(join(root, `d${index}`));
      await folders.in(`d${index}`, false, () => Promise.resolve());
    }
    await pause(50);
    assert.ok((await open()) - before <= limits.openFolders + 1, String((await open()) - before));
    await pause(limits.folderIdleMs + 200);
    assert.ok((await open()) <= before);
  });
}

test('a name that is missing in a kept folder is looked up once more where the path leads now', async ({ root, folders }) => {
  await folders.at('day1/x/a.mov', false, text);
  await replace(root);
  await writeFile(join(root, 'day1', 'x', 'b.mov'), 'new');
  assert.is(await folders.at('day1/x/b.mov', false, text), 'new');
});

test('a path that could lead out of the root is refused before any call', async ({ folders }) => {
  for (const path of ['../a', 'a/../b', '/etc/passwd', 'a//b', 'a/.']) {
    try {
      await folders.at(path, false, text);
      assert.unreachable(path);
    } catch (error) {
      assert.is((error as NodeJS.ErrnoException).code, 'EINVAL', path);
    }
  }
});

if (process.platform === 'linux') {
  test('requests of the same moment share one walk; a later request starts another', async ({ root }) => {
    const walked: string[] = [];
    const calls = callsFor(() => true);
    const open: FileCalls['open'] = (path, flags, mode) => {
      walked.push(String(path).replace(/.*\//, ''));
      return calls.open(path, flags, mode);
    };
    const folders = new OpenFolders(root, () => 0, { ...calls, open });
    const paths = ['a.mov', 'b.mov', 'c.mov'].map((name) => folders.at(`day1/x/${name}`, true, (path) => path));
    assert.equal(walked, ['day1', 'x']);
    assert.ok(!paths.some((path) => path instanceof Promise));
    await pause(0);
    await folders.at('day1/x/d.mov', true, (path) => path);
    assert.equal(walked, ['day1', 'x', 'day1', 'x']);
  });
}

test.run();
