import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Attacker, attack, attackerId, exchanging } from '../../bed/attacker.ts';
import { type Folders, hashTree, makeFolders } from '../../bed/folders.ts';
import { describe, reported, reportedFiles, startAgent, stopAgents } from '../../bed/sluice.ts';
import { pause, until } from '../../bed/wait.ts';

// A user who may write in a source or a destination replaces folders by links. Sluice runs as root, the attacker does not.

interface Context {
  folders: Folders;
  /** Root's own, outside source and destination. */
  secret: string;
  attackers: Attacker[];
}

const test = suite<Context>('folders replaced by links');

test.before.each(async (context) => {
  const folders = await makeFolders();
  for (const folder of [folders.root, folders.source, folders.destination]) await chmod(folder, 0o755);
  const secret = join(folders.root, 'secret');
  await mkdir(secret, { mode: 0o700 });
  Object.assign(context, { folders, secret, attackers: [] });
});
test.after.each(async ({ folders, attackers }) => {
  await stopAgents();
  for (const attacker of attackers) await attacker.stop();
  await folders.remove();
});

const run = ({ source, destination, stateDir }: Folders, args: readonly string[] = []) =>
  startAgent({ from: source, to: destination, stateDir, args });

test('source: a private file that got the name of another after it was scanned stays private', async ({ folders }) => {
  const [bait, hidden] = [join(folders.source, 'take.mov'), join(folders.root, 'private')];
  await writeFile(hidden, 'not for others', { mode: 0o600 });
  await writeFile(bait, 'attacker bait.');
  await utimes(hidden, 1_700_000_000, 1_700_000_000);
  await utimes(bait, 1_700_000_000, 1_700_000_000);
  const agent = run(folders, ['--stable-after', '2s']);
  await reported(agent, ({ source, status }) => source === 'take.mov' && status === 'DISCOVERED');
  await rename(hidden, bait);
  await reported(agent, ({ source, status }) => source === 'take.mov' && status === 'COMPLETED');
  assert.is((await stat(join(folders.destination, 'take.mov'))).mode & 0o777, 0o600);
});

test('source: a folder that was replaced by a link after it was scanned leads no copy out of the source', async ({ folders, secret }) => {
  const day1 = join(folders.source, 'day1');
  await mkdir(day1);
  await chown(day1, attackerId, attackerId);
  const [bait, hidden] = [join(day1, 'shadow'), join(secret, 'shadow')];
  await writeFile(hidden, "root's secret", { mode: 0o600 });
  await writeFile(bait, 'attacker bait');
  await utimes(hidden, 1_700_000_000, 1_700_000_000);
  await utimes(bait, 1_700_000_000, 1_700_000_000);
  const agent = run(folders, ['--stable-after', '2s', '--log-level', 'debug']);
  await reported(agent, ({ source, status }) => source === 'day1/shadow' && status === 'DISCOVERED');
  const aside = join(folders.root, 'aside');
  await rename(day1, aside);
  await symlink(secret, day1);
  // Longer than it takes to settle and to be copied.
  await pause(5_000);
  assert.equal(
    reportedFiles(agent).filter(({ status }) => status === 'COMPLETED'),
    [],
  );
  await rm(day1);
  await rename(aside, day1);
  await reported(agent, ({ source, status }) => source === 'day1/shadow' && status === 'COMPLETED');
  assert.is(await readFile(join(folders.destination, 'day1', 'shadow'), 'utf8'), 'attacker bait');
});

test('source: a scan of folders that are constantly replaced by links reports no name from outside', async (context) => {
  const { folders, secret } = context;
  const names = Array.from({ length: 40 }, (_, index) => `private-${index}.txt`);
  for (const name of names) await writeFile(join(secret, name), `secret ${name}`);
  await chmod(folders.source, 0o777);
  const day1 = join(folders.source, 'day1');
  await mkdir(day1);
  await chown(day1, attackerId, attackerId);
  await writeFile(join(day1, 'clip.mxf'), 'clip');
  context.attackers.push(attack(exchanging, { folder: day1, target: secret, ms: '1' }));
  const agent = run(folders, ['--scan-every', '250ms']);
  await until(() => Number(context.attackers[0]?.output().trim().split('\n').at(-1)) >= 1_000, 60_000);
  const seen = reportedFiles(agent).map(({ source }) => source);
  assert.equal(
    seen.filter((source) => source.includes('private-')),
    [],
    describe(agent),
  );
  const copied = await hashTree(folders.destination);
  assert.equal(
    Object.keys(copied).filter((name) => name.includes('private-')),
    [],
  );
});

test('destination: a folder that is constantly replaced by a link leads no call out of the destination', async (context) => {
  const { folders, secret } = context;
  await chmod(secret, 0o755);
  await chmod(folders.destination, 0o777);
  for (let index = 0; index < 150; index += 1) {
    await mkdir(join(folders.source, 'day1'), { recursive: true });
    await writeFile(join(folders.source, 'day1', `job-${index}`), `line of the attacker ${index}`);
  }
  await mkdir(join(folders.destination, 'day1'), { mode: 0o755 });
  context.attackers.push(attack(exchanging, { folder: join(folders.destination, 'day1'), target: secret, ms: '0.3' }));
  const agent = run(folders, ['--max-attempts', '3']);
  await until(
    () => reportedFiles(agent).filter(({ status }) => status === 'COMPLETED' || status === 'FAILED').length >= 100,
    60_000,
    () => describe(agent),
  );
  for (const attacker of context.attackers) await attacker.stop();
  await agent.stop();
  assert.equal(await readdir(secret), [], 'nothing was made outside');
});

test.run();
