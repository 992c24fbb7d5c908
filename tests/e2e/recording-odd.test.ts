import { link, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders, sha256 } from '../bed/folders.ts';
import { type Recording, record } from '../bed/recorder.ts';
import { type Agent, describe, reported, reportedFiles, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const rate = 2_500_000;

const test = suite<{ folders: Folders }>('unusual recordings');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

function start(folders: Folders, args: readonly string[] = ['--until-idle']): Agent {
  return startAgent({ from: folders.source, to: folders.destination, stateDir: folders.stateDir, args });
}

/** Starts a recording that is being copied, and waits until some of it is at the destination. */
async function copiedRecording(folders: Folders, agent: Agent, name: string): Promise<Recording> {
  const recording = record({ path: join(folders.source, name), bytesPerSecond: rate });
  await someArrived(folders, agent, name);
  return recording;
}

async function someArrived(folders: Folders, agent: Agent, name: string): Promise<void> {
  await reported(agent, ({ source, status }) => source === name && status === 'GROWING_COPY');
  await until(async () => (await stat(join(folders.destination, name)).catch(() => null))?.size, 10_000);
}

/** Returns the outcome of every attempt, oldest first. */
function outcomes(agent: Agent): readonly (string | null)[][] {
  return reportedFiles(agent).map(({ source, status, error, destination, nameReason }) => [
    source,
    status,
    error?.kind ?? null,
    destination,
    nameReason,
  ]);
}

test('the recording continues after it was copied: the grown file is copied next to it, under its own name', async ({ folders }) => {
  const agent = start(folders, []);
  const copied = reported(agent, ({ status }) => status === 'COMPLETED');
  const path = join(folders.source, 'take.mxf');
  const resumed = record({ path, bytesPerSecond: rate, seconds: 4, goOn: copied });
  await copied;
  await resumed.done;
  await reported(agent, ({ status, destination }) => status === 'COMPLETED' && destination === 'take_1.mxf');
  assert.is(await agent.stop(), 143);
  assert.equal(outcomes(agent), [
    ['take.mxf', 'COMPLETED', null, 'take.mxf', null],
    ['take.mxf', 'COMPLETED', null, 'take_1.mxf', 'name_taken'],
  ]);
  const there = await hashCopies(folders.destination);
  assert.is(there['take_1.mxf'], await sha256(path));
  assert.is.not(there['take.mxf'], there['take_1.mxf']);
});

test('truncated and rewritten while it is copied: the copy has the final content', async ({ folders }) => {
  const agent = start(folders);
  const recording = await copiedRecording(folders, agent, 'take.mxf');
  await recording.end();
  const file = await open(join(folders.source, 'take.mxf'), 'r+');
  await file.truncate(1_000_000);
  await file.write(Buffer.alloc(500_000, 'again'), 0, 500_000, 0);
  await file.close();
  assert.is(await agent.ended, 0, describe(agent));
  assert.equal(outcomes(agent), [['take.mxf', 'COMPLETED', null, 'take.mxf', null]]);
  assert.equal(await hashCopies(folders.destination), await hashTree(folders.source));
});

test('replaced by another file while it is copied: the copy fails, and the other file is copied completely', async ({ folders }) => {
  const agent = start(folders);
  const recording = await copiedRecording(folders, agent, 'take.mxf');
  await makeFile(join(folders.root, 'other.mxf'), 5_000_000);
  await rename(join(folders.root, 'other.mxf'), join(folders.source, 'take.mxf'));
  await recording.end();
  assert.is(await agent.ended, 0, describe(agent));
  assert.equal(outcomes(agent), [
    ['take.mxf', 'FAILED', 'source_changed', 'take.mxf', null],
    ['take.mxf', 'COMPLETED', null, 'take_1.mxf', 'recovery'],
  ]);
  const there = await hashCopies(folders.destination);
  assert.equal(Object.keys(there).sort(), ['take.mxf', 'take_1.mxf']);
  assert.is(there['take_1.mxf'], await sha256(join(folders.source, 'take.mxf')));
});

test('deleted while it is copied: copied to its end from the open file, and reported as gone', async ({ folders }) => {
  const agent = start(folders);
  const recording = await copiedRecording(folders, agent, 'take.mxf');
  const kept = join(folders.root, 'kept.mxf');
  await link(join(folders.source, 'take.mxf'), kept);
  await rm(join(folders.source, 'take.mxf'));
  const { size } = await stat(kept);
  await until(async () => (await stat(join(folders.destination, 'take.mxf'))).size > size, 10_000);
  await recording.end();
  assert.is(await agent.ended, 0, describe(agent));
  assert.equal(
    reportedFiles(agent).map(({ status, sourceGone, attempt }) => [status, sourceGone, attempt]),
    [['COMPLETED', true, 1]],
  );
  assert.equal(await hashCopies(folders.destination), { 'take.mxf': await sha256(kept) });
});

test('the recorder continues with clip_1 during an outage: that name is its own, and the recovery of clip takes the next one', async ({
  folders,
}) => {
  const agent = start(folders);
  const clip = await copiedRecording(folders, agent, 'clip.mxf');
  await rename(folders.destination, `${folders.destination}.away`);
  const planned = await reported(agent, ({ recoveryOf }) => recoveryOf !== null);
  assert.is(planned.destination, 'clip_1.mxf');
  await clip.end();
  const next = record({ path: join(folders.source, 'clip_1.mxf'), bytesPerSecond: rate });
  await reported(agent, ({ source }) => source === 'clip_1.mxf');
  await rename(`${folders.destination}.away`, folders.destination);
  await reported(agent, ({ source, status }) => source === 'clip_1.mxf' && status === 'GROWING_COPY');
  await next.end();
  assert.is(await agent.ended, 0, describe(agent));
  assert.equal(
    outcomes(agent)
      .map((each) => each.join(' '))
      .sort(),
    ['clip.mxf COMPLETED  clip_2.mxf recovery', 'clip.mxf FAILED network_interruption clip.mxf ', 'clip_1.mxf COMPLETED  clip_1.mxf '],
  );
  const [sent, there] = [await hashTree(folders.source), await hashCopies(folders.destination)];
  assert.equal(Object.keys(there).sort(), ['clip.mxf', 'clip_1.mxf', 'clip_2.mxf']);
  assert.equal([there['clip_2.mxf'], there['clip_1.mxf']], [sent['clip.mxf'], sent['clip_1.mxf']]);
});

test.run();
