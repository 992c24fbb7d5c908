import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, hashTree, makeMemoryFolders } from '../bed/folders.ts';
import { record } from '../bed/recorder.ts';
import { describe, reportedFiles, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('eight recordings at once');

test.before.each(async (context) => {
  context.folders = await makeMemoryFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

test('all are copied while they grow, and all are identical under their own names', async ({ folders }) => {
  const names = Array.from({ length: 8 }, (_, camera) => `camera-${camera + 1}.mxf`);
  const takes = names.map((name) => record({ path: join(folders.source, name), bytesPerSecond: 2_500_000 }));
  // All eight recorders run in this process, so a stall of it must not look like the end of a recording.
  const args = ['--until-idle', '--growing-quiet-for', '15s'];
  const agent = startAgent({ from: folders.source, to: folders.destination, stateDir: folders.stateDir, args });
  await until(
    () => reportedFiles(agent).filter(({ status }) => status === 'GROWING_COPY').length === names.length,
    50_000,
    () => describe(agent),
  );
  assert.not(
    takes.some(({ isOver }) => isOver()),
    'all eight are being copied before the first recorder ended',
  );
  await Promise.all(takes.map((recording) => recording.end()));
  assert.is(await agent.ended, 0, describe(agent));
  assert.equal(
    reportedFiles(agent).map(({ status, attempt, growing, nameReason }) => [status, attempt, growing, nameReason]),
    names.map(() => ['COMPLETED', 1, true, null]),
  );
  const there = await hashCopies(folders.destination);
  assert.equal(Object.keys(there), names);
  assert.equal(there, await hashTree(folders.source));
});

test.run();
