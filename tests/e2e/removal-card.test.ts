// timeout: 240s
import { existsSync } from 'node:fs';
import { appendFile, link, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type Card, makeCard, whyNoCard } from '../bed/card.ts';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { type Agent, describe, sluice, startAgent, stopAgents } from '../bed/sluice.ts';
import { stories } from '../bed/stories.ts';
import { until } from '../bed/wait.ts';

interface Context {
  folders: Folders;
  card: Card;
  /** The source, on the card. */
  from: string;
}

const test = stories<Context>('removal at a source without hard links: an exFAT card', 2, {
  make: async () => {
    const card = await makeCard(48);
    const from = join(card.path, 'DCIM');
    await mkdir(from);
    return { card, from, folders: await makeFolders() };
  },
  remove: async ({ folders, card }) => {
    await stopAgents();
    await card.remove();
    await folders.remove();
  },
});

const deleting = ['--after-copy', 'delete', '--after-copy-wait', '0'] as const;

function start({ folders, from }: Context, ...args: readonly string[]): Agent {
  return startAgent({ from, to: folders.destination, stateDir: folders.stateDir, args });
}

async function hiddenIn(folder: string): Promise<string | undefined> {
  return (await readdir(folder)).find((name) => name.endsWith('.sluice-done'));
}

test('delete: what is copied is removed, with its empty folders', async (context) => {
  const { folders, from } = context;
  await makeFile(join(from, '100CAM/C0001.MP4'), 300_001);
  await makeFile(join(from, 'C0002.MP4'), 1_001);
  const refused = await link(join(from, 'C0002.MP4'), join(from, 'LINK.MP4')).catch(({ code }: NodeJS.ErrnoException) => code);
  assert.is(refused, 'EPERM', 'this filesystem has no hard links');
  const sent = await hashTree(from);
  const agent = start(context, ...deleting, '--remove-empty-dirs', '--until-idle');
  assert.is(await agent.ended, 0, describe(agent));
  assert.equal(await readdir(from), []);
  assert.equal(await hashCopies(folders.destination), sent);
});

test('archive: it is moved on the card, and never replaces a file there', async (context) => {
  const { card, from } = context;
  const archive = join(card.path, 'DONE');
  await mkdir(archive);
  await writeFile(join(archive, 'C0001.MP4'), 'earlier');
  await makeFile(join(from, 'C0001.MP4'), 1_001);
  const before = await readFile(join(from, 'C0001.MP4'));
  const agent = start(context, '--after-copy', 'archive', '--archive-dir', archive, '--after-copy-wait', '0', '--until-idle');
  assert.is(await agent.ended, 0, describe(agent));
  assert.equal(await readdir(from), []);
  assert.is(await readFile(join(archive, 'C0001.MP4'), 'utf8'), 'earlier');
  assert.equal(await readFile(join(archive, 'C0001_1.MP4')), before);
});

test('a file that changes during its removal gets its name back, and is copied again', async (context) => {
  const { folders, from } = context;
  const path = join(from, 'C0001.MP4');
  await makeFile(path, 1_001);
  const agent = start(context, ...deleting, '--stable-after', '2500ms');
  await until(async () => (await hiddenIn(from)) !== undefined, 20_000);
  await appendFile(join(from, (await hiddenIn(from)) ?? ''), 'one more frame');
  await until(() => existsSync(join(folders.destination, 'C0001_1.MP4')), 30_000);
  assert.match(await readFile(join(folders.destination, 'C0001_1.MP4'), 'latin1'), /one more frame$/);
  await until(async () => (await readdir(from)).length === 0, 30_000);
  await agent.stop();
  const { stdout } = await sluice(['journal', 'export', '--json', '--state', folders.stateDir]);
  assert.match(stdout, /"source_restored"/);
});

test('a new file with the name of a hidden one stays until it is copied too', async (context) => {
  const { folders, from } = context;
  const path = join(from, 'C0001.MP4');
  await makeFile(path, 1_001);
  const agent = start(context, ...deleting, '--stable-after', '2500ms');
  await until(async () => (await hiddenIn(from)) !== undefined, 20_000);
  await writeFile(path, 'the next recording');
  await until(() => existsSync(join(folders.destination, 'C0001_1.MP4')), 30_000);
  assert.is(await readFile(join(folders.destination, 'C0001_1.MP4'), 'utf8'), 'the next recording');
  await until(async () => (await readdir(from)).length === 0, 30_000);
  await agent.stop();
});

test('kill -9 while a file is hidden: after the next start it is removed, and its copy is right', async (context) => {
  const { folders, from } = context;
  await makeFile(join(from, 'C0001.MP4'), 1_001);
  const sent = await hashTree(from);
  const agent = start(context, ...deleting, '--stable-after', '2500ms');
  await until(async () => (await hiddenIn(from)) !== undefined, 20_000);
  agent.kill('SIGKILL');
  await agent.ended;
  const next = start(context, ...deleting);
  await until(async () => (await readdir(from)).length === 0, 40_000);
  assert.equal(await hashCopies(folders.destination), sent);
  await next.stop();
});

test('check says what a source without hard links means for its removal', async ({ folders, from }) => {
  const to = ['--from', from, '--to', folders.destination];
  const { stdout, code } = await sluice(['check', ...to, ...deleting]);
  assert.is(code, 0, stdout);
  assert.match(stdout, /warning +after_copy is "delete", and the source may have no hard links \(FAT, exFAT\)/);
  assert.not.match((await sluice(['check', ...to])).stdout, /hard links/);
});

const reason = whyNoCard();
if (reason === null) test.run();
else console.log(`SKIPPED tests/e2e/removal-card.test.ts: ${reason}`);
