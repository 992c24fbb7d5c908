import { readdir, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClearJson } from '@sluice/control';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { type CommandEnd, reported, sluice, startAgent, stopAgents } from '../bed/sluice.ts';

const test = suite<{ folders: Folders }>('clear');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

const names = ['day1/a.mxf', 'day1/b.mxf', 'day2/c.mxf', 'day2/d.mxf'];

/** Starts an agent, and waits until it has copied four files. */
async function copied({ source, destination, stateDir }: Folders) {
  for (const name of names) await makeFile(join(source, name), 20_000);
  const agent = startAgent({ from: source, to: destination, stateDir, args: ['--exclude', '*.txt'] });
  for (const name of names) await reported(agent, (file) => file.source === name && file.status === 'COMPLETED');
  return agent;
}

const clear = ({ stateDir }: Folders, ...args: string[]): Promise<CommandEnd> =>
  sluice(['clear', 'default', '--state', stateDir, ...args], { env: { SSH_CONNECTION: '192.0.2.7 50022 192.0.2.1 22' } });
const json = ({ stdout }: CommandEnd): ClearJson => JSON.parse(stdout) as ClearJson;

test('exactly the files that are proven now are deleted; those that stay are named; the log names the operator', async ({ folders }) => {
  const { source, destination, stateDir } = folders;
  const agent = await copied(folders);
  const copies = await hashCopies(destination);
  const dry = await clear(folders, '--dry-run', '--json');
  assert.equal([dry.code, json(dry).names, json(dry).verdict.ok], [0, names, true], dry.stderr);
  assert.equal(Object.keys(await hashTree(source)), names, 'a dry run deletes nothing');
  await truncate(join(destination, 'day1/b.mxf'), 19_999);
  await rm(join(destination, 'day2/c.mxf'));
  await makeFile(join(source, 'day2/notes.txt'), 10);
  const cleared = await clear(folders, '--yes', '--json', '--reason', 'card 1 is archived');
  assert.is(cleared.code, 1, cleared.stderr);
  assert.equal([json(cleared).deleted, json(cleared).names], [2, ['day1/a.mxf', 'day2/d.mxf']]);
  const stay = Object.keys(await hashTree(source));
  assert.equal(stay, ['day1/b.mxf', 'day2/c.mxf', 'day2/notes.txt']);
  assert.equal(new Set(json(cleared).unsafe.map((file) => file.source)), new Set(stay));
  const left = await hashCopies(destination);
  for (const name of ['day1/a.mxf', 'day2/d.mxf']) assert.is(left[name], copies[name], 'the copies are untouched');
  const { stdout: log } = await sluice(['log', '--state', stateDir]);
  assert.match(log, /day1\/a\.mxf: removal at the source requested by \S+ from 192\.0\.2\.7 \("card 1 is archived"\)/);
  assert.match(log, 'day1/a.mxf: deleted at the source');
  assert.is(await agent.stop(), 143);
  assert.is((await clear(folders, '--yes')).code, 3, 'without an agent');
});

test('only the requested folder is cleared, and all of it: exit 0', async ({ folders }) => {
  const agent = await copied(folders);
  const { code, stdout, stderr } = await clear(folders, '--folder', 'day1', '--yes');
  const said = 'deleted 2 files (40.0 KB) in day1\n  deleted day1/a.mxf\n  deleted day1/b.mxf\n';
  assert.equal([code, stdout], [0, said], stderr);
  assert.equal(Object.keys(await hashTree(folders.source)), ['day2/c.mxf', 'day2/d.mxf']);
  assert.equal(await readdir(join(folders.source, 'day1')), [], 'no hidden file is left');
  const again = await clear(folders, '--folder', 'day1', '--yes');
  assert.equal([again.code, again.stdout], [0, 'nothing to delete: there is no file at the source in day1\n'], again.stderr);
  assert.is(await agent.stop(), 143);
});

test('while the destination is offline nothing is deleted', async ({ folders }) => {
  const { source, destination } = folders;
  const agent = await copied(folders);
  await rename(destination, `${destination}.away`);
  const { code, stdout } = await clear(folders, '--yes');
  assert.is(code, 1);
  assert.match(stdout, /^NOT SAFE: .*; nothing was deleted\n/);
  assert.equal(Object.keys(await hashTree(source)), names);
  await rename(`${destination}.away`, destination);
  assert.is(await agent.stop(), 143);
});

test('without --dry-run or --yes, with both, or for an unknown route, nothing is deleted: exit 2', async ({ folders }) => {
  const agent = await copied(folders);
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /clear deletes files at the source: give --dry-run to see which files, or --yes to delete them/],
    [['--yes', '--dry-run'], /give either --dry-run or --yes, not both/],
    [['--yes', '--folder', '../elsewhere'], /is not below/],
    [['--yes', '--folder', ''], /--folder "" names no folder/],
    [['--yes', '--folder', './'], /--folder "\.\/" is all of /],
    [['--yes', '--folder', folders.source], /is all of .*: give a folder in it, or leave --folder out to clear all of it/],
  ];
  for (const [args, message] of wrong) {
    const { code, stderr } = await clear(folders, ...args);
    assert.is(code, 2, stderr);
    assert.match(stderr, message);
  }
  const unknown = await sluice(['clear', 'default2', '--yes', '--state', folders.stateDir]);
  assert.equal([unknown.code, unknown.stderr], [2, 'sluice: no route is called "default2"; did you mean "default"?\n']);
  assert.equal(Object.keys(await hashTree(folders.source)), names);
  assert.is(await agent.stop(), 143);
});

test.run();
