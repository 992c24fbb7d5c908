// timeout: 300s
import { chmod, chown, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Attacker, attack } from '../../bed/attacker.ts';
import { type Folders, makeFolders } from '../../bed/folders.ts';
import { describe, reported, reportedFiles, startAgent, startConfigured, stopAgents } from '../../bed/sluice.ts';
import { until } from '../../bed/wait.ts';

// A user who may write in a destination puts other things under the names that Sluice uses. Sluice runs as root, the attacker does
// not.

const test = suite<{ folders: Folders; attackers: Attacker[] }>('a destination that others may write to');

test.before.each(async (context) => {
  const folders = await makeFolders();
  await chmod(folders.root, 0o755);
  await chmod(folders.destination, 0o777);
  Object.assign(context, { folders, attackers: [] });
});
test.after.each(async ({ folders, attackers }) => {
  await stopAgents();
  for (const attacker of attackers) await attacker.stop();
  await folders.remove();
});

const run = ({ source, destination, stateDir }: Folders, args: readonly string[] = []) =>
  startAgent({ from: source, to: destination, stateDir, args });

/** A script that gives the name of each new folder to a private folder, and prints what it can read there. */
const exchangingNew = `
  const secret = path.join(folder, 'secret');
  const wait = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  let rounds = 0;
  console.log('begins');
  for (;;) for (const name of fs.readdirSync(folder)) {
    if (!name.startsWith('open')) continue;
    const open = path.join(folder, name);
    try { fs.renameSync(open, path.join(folder, 'aside-' + name)); fs.renameSync(secret, open); } catch { continue; }
    wait(2);
    try { console.log('read: ' + fs.readFileSync(path.join(open, 'take.mov'), 'utf8')); } catch {}
    fs.renameSync(open, secret);
    console.log(rounds += 1);
  }
`;

test('a private folder that gets the name of a new one stays private', async ({ folders, attackers }) => {
  const { source, destination } = folders;
  await mkdir(join(source, 'secret'), { mode: 0o700 });
  await writeFile(join(source, 'secret', 'take.mov'), 'not for others');
  const agent = run(folders);
  await reported(agent, ({ status }) => status === 'COMPLETED');
  const attacker = attack(exchangingNew, { folder: destination });
  attackers.push(attacker);
  await until(() => attacker.output().startsWith('begins'), 10_000);
  for (let index = 0; index < 60; index += 1) {
    const folder = join(source, `open${index}`);
    await mkdir(folder);
    await writeFile(join(folder, 'clip.mov'), 'for all');
    await chmod(folder, 0o777);
  }
  await until(
    () => Number(attacker.output().trim().split('\n').at(-1)) >= 40,
    60_000,
    () => describe(agent) + attacker.output(),
  );
  await attacker.stop();
  assert.not.match(attacker.output(), 'read: ');
  for (const name of await readdir(destination)) {
    const path = join(destination, name);
    const isSecret = (await stat(path)).isDirectory() && (await readdir(path)).includes('take.mov');
    if (isSecret) assert.is((await stat(path)).mode & 0o777, 0o700, name);
  }
});

test('new folders that many small files go into at once get the configured mode', async ({ folders }) => {
  const { source, destination } = folders;
  const before = process.umask(0o077);
  try {
    for (let index = 0; index < 10; index += 1) {
      const folder = join(source, `day${index}`, 'reel');
      await mkdir(folder, { recursive: true });
      for (let clip = 0; clip < 12; clip += 1) await writeFile(join(folder, `clip-${clip}.mov`), 'clip');
    }
    const agent = run(folders, ['--destination-mode', '0664/0775']);
    await until(
      () => reportedFiles(agent).filter(({ status }) => status === 'COMPLETED').length >= 120,
      60_000,
      () => describe(agent),
    );
    for (let index = 0; index < 10; index += 1)
      for (const folder of [`day${index}`, `day${index}/reel`])
        assert.is((await stat(join(destination, folder))).mode & 0o777, 0o775, folder);
  } finally {
    process.umask(before);
  }
});

/** A script that creates a file under the final name, readable only by the attacker and of the size of the temporary file. */
const takingNames = `
  console.log('begins');
  for (;;) for (const name of fs.readdirSync(folder)) {
    const part = /^\\.(.+)\\.[0-9a-f]{8}\\.part$/.exec(name);
    if (part === null || part[1] !== 'take.mov') continue;
    try {
      const { size } = fs.statSync(path.join(folder, name));
      if (size !== Number(whole)) continue;
      fs.writeFileSync(path.join(folder, part[1]), Buffer.alloc(size), { mode: 0, flag: 'wx' });
      console.log('taken');
    } catch {}
  }
`;

test('a file that only another user can read counts as a taken name, whenever it is created', async ({ folders, attackers }) => {
  const { source, destination } = folders;
  const user = { uid: 61_300, gid: 61_300, home: join(folders.root, 'home') };
  for (const folder of [user.home, folders.stateDir]) await mkdir(folder, { mode: 0o700 });
  for (const folder of [user.home, folders.stateDir, source]) await chown(folder, user.uid, user.gid);
  const attacker = attack(`fs.writeFileSync(path.join(folder, 'before.mov'), 'evil', { mode: 0 }); ${takingNames}`, {
    folder: destination,
    whole: '30000000',
  });
  attackers.push(attacker);
  await until(() => attacker.output().startsWith('begins'), 10_000);
  await writeFile(join(source, 'before.mov'), 'good');
  await writeFile(join(source, 'take.mov'), Buffer.alloc(30_000_000, 1));
  const config = join(user.home, 'sluice.toml');
  const route = { name: 'default', source, destination, stable_after: '500ms', scan_every: '500ms' };
  const lines = Object.entries(route).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  await writeFile(config, ['[[route]]', ...lines, '[route.space]', 'keep_free = "1MB"', ''].join('\n'));
  const agent = startConfigured(config, folders.stateDir, [], user);
  for (const name of ['before', 'take']) {
    const file = await reported(agent, ({ source: from, status }) => from === `${name}.mov` && status === 'COMPLETED', 60_000);
    assert.is(file.attempt, 1, describe(agent));
    assert.ok((await readFile(join(destination, file.destination))).equals(await readFile(join(source, `${name}.mov`))));
    if (name === 'before' || attacker.output().includes('taken')) assert.is(file.destination, `${name}_1.mov`);
  }
});

/** A script that gives the name of the first temporary file to a folder, and ends. */
const exchangingOnce = `
  console.log('begins');
  for (let isDone = false; !isDone; ) for (const name of fs.readdirSync(folder)) {
    if (isDone || !name.endsWith('.part')) continue;
    try {
      fs.renameSync(path.join(folder, name), path.join(folder, 'stolen'));
      fs.mkdirSync(path.join(folder, name));
      isDone = true;
    } catch {}
  }
  console.log('exchanged');
`;

test('a folder under the name of a temporary file fails one attempt, and no later one', async ({ folders, attackers }) => {
  const { source, destination } = folders;
  const attacker = attack(exchangingOnce, { folder: destination });
  attackers.push(attacker);
  await until(() => attacker.output().startsWith('begins'), 10_000);
  await writeFile(join(source, 'take.mov'), Buffer.alloc(30_000_000, 1));
  const agent = run(folders, ['--max-attempts', '3']);
  const file = await reported(agent, ({ status }) => status === 'COMPLETED', 60_000);
  assert.match(attacker.output(), 'exchanged');
  assert.is(file.attempt, 2, describe(agent));
});

test('other users cannot write to a temporary file, whatever the modes of the source and the umask', async ({ folders }) => {
  const { source, destination } = folders;
  const before = process.umask(0);
  try {
    await writeFile(join(source, 'take.mov'), Buffer.alloc(40_000_000, 1));
    await chmod(join(source, 'take.mov'), 0o666);
    const agent = run(folders, ['--max-rate', '10MB']);
    const part = await until(async () => (await readdir(destination)).find((name) => name.endsWith('.part')), 20_000);
    assert.is((await stat(join(destination, part))).mode & 0o777, 0o644);
    await reported(agent, ({ status }) => status === 'COMPLETED');
    assert.is((await stat(join(destination, 'take.mov'))).mode & 0o777, 0o666);
  } finally {
    process.umask(before);
  }
});

test.run();
