import { chmod, open, readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { type Agent, describe, reportedFiles, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders; clip: string }>('a source that is written in place while it is copied');

const sizeBytes = 12_000_000;
const mtime = 1_700_000_000;

test.before.each(async (context) => {
  context.folders = await makeFolders();
  context.clip = join(context.folders.source, 'clip.bin');
  await makeFile(context.clip, sizeBytes);
  await utimes(context.clip, mtime, mtime);
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

/** Starts a slow copy. @returns when a part of the file, and not all of it, is at the destination */
async function startSlowly({ source, destination, stateDir }: Folders): Promise<Agent> {
  const agent = startAgent({ from: source, to: destination, stateDir, args: ['--until-idle', '--max-rate', '4MB'] });
  const arrived = async (): Promise<number> => {
    const part = (await readdir(destination)).find((name) => name.endsWith('.part'));
    return part === undefined ? 0 : (await stat(join(destination, part))).size;
  };
  await until(
    async () => (await arrived()) > 4_000_000,
    15_000,
    () => describe(agent),
  );
  assert.ok((await arrived()) < 10_000_000, 'the copy is still under way');
  return agent;
}

const statuses = (agent: Agent): string[] =>
  agent.notes.flatMap((note) => (note.event === 'transition' && note.to !== null ? [note.to] : []));

test('other bytes early and late, with the time set back: the verified copy equals the source', async ({ folders, clip }) => {
  const agent = await startSlowly(folders);
  const file = await open(clip, 'r+');
  for (const at of [1_000, sizeBytes - 1_000]) await file.write(Buffer.alloc(1_000, 'x'), 0, 1_000, at);
  await file.close();
  await utimes(clip, mtime, mtime);
  assert.is(await agent.ended, 0, describe(agent));
  assert.equal(await hashCopies(folders.destination), await hashTree(folders.source));
  assert.ok(statuses(agent).includes('GROWING_COPY'), 'it was settled again');
  assert.equal(
    reportedFiles(agent).map(({ status, attempt, destination }) => [status, attempt, destination]),
    [['COMPLETED', 1, 'clip.bin']],
  );
});

test('only another mode: the source is read again, and copied with that mode', async ({ folders, clip }) => {
  const agent = await startSlowly(folders);
  await chmod(clip, 0o600);
  assert.is(await agent.ended, 0, describe(agent));
  assert.equal(await hashCopies(folders.destination), await hashTree(folders.source));
  assert.not.ok(statuses(agent).includes('GROWING_COPY'));
  assert.equal(
    reportedFiles(agent).map(({ status, attempt }) => [status, attempt]),
    [['COMPLETED', 1]],
  );
});

test.run();
