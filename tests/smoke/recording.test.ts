import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, hashTree, makeFolders } from '../bed/folders.ts';
import { record } from '../bed/recorder.ts';
import { reported, startAgent, stopAgents } from '../bed/sluice.ts';

const test = suite<{ folders: Folders }>('a recording');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

test('a recording is copied while it grows, and is identical once its recorder has rewritten the header', async ({ folders }) => {
  const { source: from, destination: to, stateDir } = folders;
  const agent = startAgent({ from, to, stateDir });
  const recording = record({ path: join(from, 'take.mov'), bytesPerSecond: 3_000_000 });
  await reported(agent, ({ status }) => status === 'GROWING_COPY');
  assert.not(recording.isOver(), 'the copy began before the recording ended');
  await recording.end();
  const done = await reported(agent, ({ status }) => status === 'COMPLETED');
  assert.is(done.destination, 'take.mov');
  assert.equal(await hashCopies(to), await hashTree(from));
  assert.is(await agent.stop(), 143);
});

test.run();
