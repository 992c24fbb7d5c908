import { appendFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { LeftoverJson } from '@sluice/control';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, hashTree, makeFolders } from '../bed/folders.ts';
import { bytesThere } from '../bed/outage.ts';
import { record } from '../bed/recorder.ts';
import { reported, sluice, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('leftovers');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

test('leftovers of failed growing copies are listed, and unchanged ones are removed; the log names the operator', async ({ folders }) => {
  const { source: from, destination: to, stateDir } = folders;
  const ask = (...args: string[]) =>
    sluice(['leftovers', ...args, '--state', stateDir], { env: { SSH_CONNECTION: '192.0.2.7 50022 192.0.2.1 22' } });
  const listed = async (): Promise<LeftoverJson[]> => {
    const { stdout } = await ask('list', '--json');
    return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as LeftoverJson]));
  };
  const agent = startAgent({ from, to, stateDir });
  const takes = ['kept.mov', 'take.mov'];
  const recordings = takes.map((name) => record({ path: join(from, name), bytesPerSecond: 3_000_000 }));
  for (const name of takes) await until(() => bytesThere(to, name) > 0, 20_000);
  const away = `${to}.away`;
  await rename(to, away);
  for (const name of takes) await reported(agent, (file) => file.source === name && file.status === 'FAILED');
  const unknown = await listed();
  assert.equal(
    unknown.map(({ state, kept }) => [state, kept]),
    [
      ['kept', 'not_replaced'],
      ['kept', 'not_replaced'],
    ],
  );
  await rename(away, to);
  for (const recording of recordings) await recording.end();
  for (const name of ['kept_1.mov', 'take_1.mov'])
    await reported(agent, (file) => file.destination === name && file.status === 'COMPLETED');
  const all = await listed();
  assert.equal(
    new Set(all.map(({ destination, state, replacedBy }) => `${destination} ${state} ${replacedBy?.destination}`)),
    new Set(['kept.mov removable kept_1.mov', 'take.mov removable take_1.mov']),
  );
  await appendFile(join(to, 'kept.mov'), 'an editor was here');
  const removed = await ask('remove', '--reason', 'tidy up');
  assert.equal([removed.code, removed.stdout], [1, 'take.mov: removed; the complete copy is take_1.mov\n'], removed.stderr);
  assert.match(removed.stderr, 'sluice: kept.mov stays: it was changed after the complete copy was made');
  assert.equal(Object.keys(await hashCopies(to)).sort(), ['kept.mov', 'kept_1.mov', 'take_1.mov']);
  const copies = await hashCopies(to);
  const sources = await hashTree(from);
  assert.equal([copies['kept_1.mov'], copies['take_1.mov']], [sources['kept.mov'], sources['take.mov']]);
  const { stdout: log } = await sluice(['log', '--state', stateDir]);
  assert.match(log, /removal of the leftover take\.mov requested by \S+ from 192\.0\.2\.7 \("tidy up"\)/);
  assert.match(log, 'take.mov: the leftover take.mov is removed');
  assert.is(await agent.stop(), 143);
  assert.is((await ask('list')).code, 3, 'without an agent');
});

test.run();
