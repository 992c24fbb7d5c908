import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { type Agent, describe, reported, reportedFiles, startAgent, stopAgents } from '../bed/sluice.ts';
import { run } from '../bed/tool.ts';
import { pause } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('files written by other copy programs');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

/** Starts an agent that has checked the source before any file is put there. */
async function startWatching(folders: Folders): Promise<Agent> {
  await makeFile(join(folders.source, 'first.bin'), 1);
  const agent = startAgent({ from: folders.source, to: folders.destination, stateDir: folders.stateDir, args: ['--until-idle'] });
  await reported(agent, ({ source }) => source === 'first.bin');
  return agent;
}

async function copiedOnce(agent: Agent, folders: Folders, name: string): Promise<void> {
  assert.is(await agent.ended, 0, describe(agent));
  const states = agent.notes.flatMap((note) => (note.event === 'transition' && note.file.source === name ? [note.to] : []));
  assert.not(states.includes('GROWING_COPY'), states.join(' > '));
  const attempts = reportedFiles(agent).filter(({ source }) => source === name);
  assert.equal(
    attempts.map(({ status, attempt, destination }) => [status, attempt, destination]),
    [['COMPLETED', 1, name]],
  );
  assert.equal(await hashCopies(folders.destination), await hashTree(folders.source));
}

/** What takes longer than 2 s only below 20 MB a second, which a busy machine still reaches: slower is what a recorder would be. */
const sizeBytes = 40_000_000;
const tools = [
  { tool: 'cp', args: (from: string, to: string) => [from, to] },
  { tool: 'dd', args: (from: string, to: string) => [`if=${from}`, `of=${to}`, 'bs=64K', 'status=none'] },
  { tool: 'rsync', args: (from: string, to: string) => ['--whole-file', from, to] },
] as const;

for (const { tool, args } of tools) {
  if (spawnSync(tool, ['--version']).status !== 0) {
    console.log(`skipped: ${tool} into the source: it is not installed`);
    continue;
  }
  test(`${tool} of ${sizeBytes / 1e6} MB: one stable copy`, async ({ folders }) => {
    const elsewhere = join(folders.root, 'elsewhere.mxf');
    await makeFile(elsewhere, sizeBytes);
    const agent = await startWatching(folders);
    await run(tool, args(elsewhere, join(folders.source, 'copied.mxf')));
    await copiedOnce(agent, folders, 'copied.mxf');
  });
}

test('a copy from a quick share, 3 s at 100 MB a second: longer than a recording needs to be recognized, but still one stable copy', async ({
  folders,
}) => {
  const agent = await startWatching(folders);
  const file = await open(join(folders.source, 'arriving.mxf'), 'wx');
  const block = randomBytes(1 << 20);
  const startedAt = performance.now();
  for (let written = 0; written < 300_000_000; written += block.length) {
    block.writeUInt32LE(written);
    await file.write(block);
    await pause(Math.max(0, (written / 100_000_000) * 1000 - (performance.now() - startedAt)));
  }
  await file.close();
  await copiedOnce(agent, folders, 'arriving.mxf');
});

test('mv on one filesystem: one stable copy', async ({ folders }) => {
  await makeFile(join(folders.root, 'elsewhere.mxf'), 20_000_000);
  const agent = await startWatching(folders);
  await rename(join(folders.root, 'elsewhere.mxf'), join(folders.source, 'moved.mxf'));
  await copiedOnce(agent, folders, 'moved.mxf');
});

test.run();
