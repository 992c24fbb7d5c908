// group: storage
import { copyFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, makeFile, makeFolders } from '../bed/folders.ts';
import { describe, reported, sluice, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('a marker in the source');
const marker = '.sluice-destination';

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

test('status: names the folders that are destinations of this agent; any other marker hides nothing', async ({ folders }) => {
  const { root, source, destination, stateDir } = folders;
  await makeFile(join(source, 'first.mxf'), 1_000);
  const agent = startAgent({ from: source, to: destination, stateDir });
  await reported(agent, (file) => file.source === 'first.mxf' && file.status === 'COMPLETED');
  assert.not.ok('leftAlone' in ((await agent.status()).routes[0] ?? {}));

  const marked = join(root, 'marked');
  for (const folder of ['archive/day1', 'empty', 'foreign']) await makeFile(join(marked, folder, 'clip.mxf'), 1_000);
  await copyFile(join(destination, marker), join(marked, 'archive/day1', marker));
  await writeFile(join(marked, 'empty', marker), '');
  await writeFile(join(marked, 'foreign', marker), 'not ours\n0a0b0c0d-0000-4000-8000-000000000002\n');
  await rename(marked, join(source, 'marked'));
  for (const folder of ['empty', 'foreign']) {
    await reported(agent, (file) => file.source === `marked/${folder}/clip.mxf` && file.status === 'COMPLETED');
  }
  await until(async () => (await agent.status()).routes[0]?.leftAlone !== undefined, 10_000);

  const { verdict, routes } = await agent.status();
  assert.equal(verdict, { ok: true, text: 'everything is copied' }, describe(agent));
  assert.equal(
    routes[0]?.leftAlone?.filter(({ rule }) => rule !== 'dotfile'),
    [{ rule: 'destination', pattern: null, count: 1, folders: 1, examples: ['marked/archive/day1'] }],
  );
  const shown = await sluice(['status', '--state', stateDir]);
  assert.is(shown.stdout.split('\n')[2], '    1 folder left alone: it is a destination of this agent (marked/archive/day1)');
  assert.is((await sluice(['status', '--check', '--state', stateDir])).code, 0);
  assert.equal(Object.keys(await hashCopies(destination)).sort(), ['first.mxf', 'marked/empty/clip.mxf', 'marked/foreign/clip.mxf']);
});

test.run();
