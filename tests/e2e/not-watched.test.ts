import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { assertCopied } from '../bed/outage.ts';
import { logOf, program, reported, sluice, startWatching, stopAgents, withWatches } from '../bed/sluice.ts';

const test = suite<{ folders: Folders }>('a system without watches left');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

const watches = 4;
const words = 'the system has no watches left (ENOSPC): Sluice finds new files by scans only';

test('scans alone find everything, and the log, status and check report it once each', async ({ folders }) => {
  const { source: from, destination: to, stateDir } = folders;
  const names = Array.from({ length: 12 }, (_, index) => `d${index}/a.bin`);
  for (const name of names) await makeFile(join(from, name), 10_000);
  const agent = startWatching(watches, { from, to, stateDir });
  for (const source of names) await reported(agent, (file) => file.source === source && file.status === 'COMPLETED');
  for (const name of ['d11/new.bin', 'late/new.bin']) {
    await makeFile(join(from, name), 10_000);
    await reported(agent, (file) => file.source === name && file.status === 'COMPLETED');
    names.push(name);
  }
  await assertCopied(from, to, Object.fromEntries(names.map((name) => [name, name])));
  const lines = readFileSync(logOf(agent), 'utf8').split('\n');
  assert.is(lines.filter((line) => line.includes(words)).length, 1, 'the log');
  assert.is((await agent.status()).routes[0]?.notWatched, 'ENOSPC');
  const { stdout } = await sluice(['status', '--state', stateDir]);
  assert.is(stdout.split(words).length - 1, 1, stdout);
  assert.match(stdout, 'raise fs.inotify.max_user_watches');
});

test('check names the limit if the source has more folders', async ({ folders }) => {
  const { source: from, destination: to, stateDir } = folders;
  for (let index = 0; index < 12; index += 1) await makeFile(join(from, `d${index}`, 'a.bin'), 10);
  const check = (limit: number): string => {
    const args = withWatches(limit, [...program, 'check', '--from', from, '--to', to, '--state', stateDir]);
    return spawnSync('unshare', args, { encoding: 'utf8', timeout: 30_000 }).stdout;
  };
  assert.match(check(12), /warning +the source has 13 folders, and the system lets a user watch 12: .*raise fs\.inotify\.max_user_watches/);
  assert.not.match(check(1_000), 'lets a user watch');
});

const why = spawnSync('unshare', withWatches(watches, ['true'])).status === 0 ? null : 'no user namespaces';
if (why === null) test.run();
else console.log(`skipped: a system without watches left: ${why}`);
