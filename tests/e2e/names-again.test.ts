import { open, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { journaled } from '../bed/ask.ts';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders, sha256 } from '../bed/folders.ts';
import { type Agent, describe, reportedFiles, startAgent, stopAgents } from '../bed/sluice.ts';

const test = suite<{ folders: Folders }>('a source that changed after it was copied');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

async function copyAll({ source, destination, stateDir }: Folders): Promise<Agent> {
  const agent = startAgent({ from: source, to: destination, stateDir, args: ['--until-idle'] });
  assert.is(await agent.ended, 0, describe(agent));
  return agent;
}

const sizeBytes = 500_000;
const changes: Readonly<Record<string, (path: string) => Promise<void>>> = {
  'touched.mxf': (path) => utimes(path, 1_700_000_000, 1_700_000_000),
  'bytes.mxf': (path) => change(path, 'other'),
  'longer.mxf': (path) => writeFile(path, 'more', { flag: 'a' }),
  'shorter.mxf': (path) => truncate(path, 1_000),
  'replaced.mxf': async (path) => {
    await rm(path);
    await makeFile(path, sizeBytes);
  },
  'moved.mxf': (path) => rename(path, path.replace('moved', 'moved-on')),
  'deleted.mxf': (path) => rm(path),
};

async function change(path: string, bytes: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(bytes, 100);
  await file.close();
}

test('different bytes are copied next to the earlier copy, the same bytes are not copied, and copies of removed files stay', async ({
  folders,
}) => {
  for (const name of Object.keys(changes)) await makeFile(join(folders.source, name), sizeBytes);
  await copyAll(folders);
  const before = await hashCopies(folders.destination);
  for (const [name, changeIt] of Object.entries(changes)) await changeIt(join(folders.source, name));
  const second = await copyAll(folders);
  assert.equal(
    new Map(reportedFiles(second).map(({ source, status, destination, nameReason }) => [source, [status, destination, nameReason]])),
    new Map([
      ['bytes.mxf', ['COMPLETED', 'bytes_1.mxf', 'name_taken']],
      ['longer.mxf', ['COMPLETED', 'longer_1.mxf', 'name_taken']],
      ['moved-on.mxf', ['COMPLETED', 'moved-on.mxf', null]],
      ['replaced.mxf', ['COMPLETED', 'replaced_1.mxf', 'name_taken']],
      ['shorter.mxf', ['COMPLETED', 'shorter_1.mxf', 'name_taken']],
    ]),
  );
  const [sent, there] = [await hashTree(folders.source), await hashCopies(folders.destination)];
  for (const [name, hash] of Object.entries(before)) assert.is(there[name], hash, `${name} stays as it was copied`);
  for (const { source, destination } of reportedFiles(second)) assert.is(there[destination], sent[source]);
  assert.is(Object.keys(there).length, Object.keys(before).length + 5);
  assert.is(there['touched.mxf'], await sha256(join(folders.source, 'touched.mxf')));

  const third = await copyAll(folders);
  assert.equal(reportedFiles(third), []);
  assert.is(journaled(folders.stateDir).length, Object.keys(changes).length + 5);
});

test.run();
