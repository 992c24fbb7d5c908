// timeout: 240s
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Card, makeCard, whyNoCard } from '../bed/card.ts';
import { type Folders, makeFolders } from '../bed/folders.ts';
import { makeLoopMount, whyNoLoopMount } from '../bed/loop-mount.ts';
import { type Agent, describe, sluice, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

type Drive = Pick<Card, 'path' | 'mount' | 'unmount' | 'remove'>;

interface Context {
  folders: Folders;
  drive: Drive;
  from: string;
}

const size = 300_001;
/** Cameras whose clock was reset give the files of all cards these names and times. */
const recorded = new Date('2015-01-01T00:00:10Z');
const bytesOf = (card: string): Buffer => Buffer.alloc(size, card);

async function record(from: string, card: string): Promise<void> {
  await mkdir(from, { recursive: true });
  await writeFile(join(from, 'C0001.MP4'), bytesOf(card));
  await utimes(join(from, 'C0001.MP4'), recorded, recorded);
}

const start = ({ folders, from }: Context, ...args: readonly string[]): Agent =>
  startAgent({ from, to: folders.destination, stateDir: folders.stateDir, args: ['--scan-every', '2s', ...args] });

async function copies({ folders }: Context): Promise<readonly string[]> {
  const names = (await readdir(folders.destination)).filter((name) => name.startsWith('C0001'));
  const bytes = await Promise.all(names.map((name) => readFile(join(folders.destination, name))));
  return bytes.map((content, index) => `${names[index]} ${String.fromCharCode(content[0] ?? 0)}`).sort();
}

async function safe({ folders }: Context): Promise<string> {
  const { code, stdout } = await sluice(['safe', '--state', folders.stateDir]);
  return `${code} ${stdout}`;
}

/** A scan that is under way keeps the card in use. */
async function takeOut({ drive }: Context): Promise<void> {
  const isOut = (): Promise<boolean> =>
    drive.unmount().then(
      () => true,
      () => false,
    );
  await until(isOut, 10_000);
}

async function swap(context: Context, to: string): Promise<void> {
  const { drive, from } = context;
  await takeOut(context);
  await drive.mount(to);
  await record(from, to);
}

function suiteOf(what: string, make: () => Promise<Drive>): void {
  const test = suite<Context>(`two cards with the same file names, sizes and times: ${what}`);

  test.before.each(async (context) => {
    const drive = await make();
    Object.assign(context, { drive, from: join(drive.path, 'DCIM'), folders: await makeFolders() });
    await drive.unmount();
    await drive.mount('A');
    await record(context.from, 'A');
  });
  test.after.each(async ({ folders, drive }) => {
    await stopAgents();
    await drive.remove();
    await folders.remove();
  });

  test('the second card is copied while the agent runs, and the first one is not copied again when it is back', async (context) => {
    const agent = start(context);
    await until(async () => (await copies(context)).length === 1, 30_000);
    await until(async () => (await safe(context)).startsWith('0'), 20_000);
    await swap(context, 'B');
    await until(async () => (await copies(context)).length === 2, 60_000);
    assert.equal(await copies(context), ['C0001.MP4 A', 'C0001_1.MP4 B']);
    await until(async () => (await safe(context)).startsWith('0'), 20_000);
    await takeOut(context);
    await context.drive.mount('A');
    await until(async () => (await safe(context)).startsWith('0'), 60_000);
    assert.equal(await copies(context), ['C0001.MP4 A', 'C0001_1.MP4 B']);
    await agent.stop();
  });

  test('cards that are exchanged while no agent runs: safe is not fooled, and the next run copies', async (context) => {
    const first = start(context, '--until-idle');
    assert.is(await first.ended, 0, describe(first));
    assert.match(await safe(context), /^0 SAFE TO CLEAR/);
    await swap(context, 'B');
    assert.match(await safe(context), /^1 NOT SAFE[\s\S]*another file has this name/);
    const second = start(context, '--until-idle');
    assert.is(await second.ended, 0, describe(second));
    assert.equal(await copies(context), ['C0001.MP4 A', 'C0001_1.MP4 B']);
    assert.match(await safe(context), /^0 SAFE TO CLEAR/);
    await takeOut(context);
    await context.drive.mount('B');
    const third = start(context, '--until-idle');
    assert.is(await third.ended, 0, describe(third));
    assert.is((await copies(context)).length, 2, 'a card that was put in again is not copied again');
    const { stdout } = await sluice(['show', 'C0001.MP4', '--state', context.folders.stateDir]);
    assert.is(/its disk was put in again, or is another one: it has the bytes/.test(stdout), what === 'exFAT', stdout);
  });

  test.run();
}

const [noCard, noLoop] = [whyNoCard(), whyNoLoopMount()];
if (noCard === null) suiteOf('exFAT', () => makeCard(48));
else console.log(`SKIPPED tests/e2e/card-swap.test.ts (exFAT): ${noCard}`);
if (noLoop === null)
  suiteOf('ext4', async () => {
    const disk = await makeLoopMount(64);
    await disk.mount('none');
    return disk;
  });
else console.log(`SKIPPED tests/e2e/card-swap.test.ts (ext4): ${noLoop}`);
